// What stands in for a Prometheus: it answers every query with the one number that a story says.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Prometheus {
  readonly url: string;
  readonly port: number;
  /** From now on. */
  says(value: string): void;
  stop(): Promise<void>;
}

export async function startPrometheus(): Promise<Prometheus> {
  let number = '0';
  const server = createServer((_, response) => {
    const result = [{ metric: {}, value: [Date.now() / 1000, number] }];
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    says: (value) => {
      number = value;
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
