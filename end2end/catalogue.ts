// The catalogue of services: an owner confirmed, a file of another catalogue looked at and imported, what depends on what.
import { expect, open, press, type Page, type World } from './base.ts';
import { restartOneZooKeeper, setUp } from './notebook.ts';

const CATALOGUE = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: kafka
  title: Kafka
  links:
    - url: https://wiki.example.org/kafka
      title: Runbook
spec:
  owner: group:default/data-platform
  lifecycle: production
  dependsOn: [zookeeper]
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: data-platform
`;

export async function importAndConfirm(page: Page, world: World): Promise<void> {
  await setUp(page, world);
  await restartOneZooKeeper(page, world);

  await open(page, '/import');
  await page.getByLabel('Or paste its text').fill(CATALOGUE);
  await press(page, 'Look first');
  await expect(page.locator('#foreseen-services')).toContainText('component:default/kafka');
  await expect(page.locator('#foreseen-services')).toContainText('is about people');
  await expect(page.getByLabel('Or paste its text')).toHaveValue(/name: kafka/);
  await press(page, 'Import document');
  await expect(page).toHaveURL(/\/services$/);
  await expect(page.locator('#dependencies svg[role=img]:visible')).toBeVisible();
  await page.getByText('Show as a table').click();
  await expect(page.locator('#dependencies-table')).toContainText('kafka');

  await open(page, '/services/kafka');
  await expect(page.getByText('Never checked')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Runbook' })).toHaveAttribute('href', 'https://wiki.example.org/kafka');
  await press(page, 'Ownership is right');
  await expect(page.getByText('The owner is confirmed.')).toBeVisible();
  await expect(page.getByText('Never checked')).toHaveCount(0);

  await open(page, '/coverage');
  await expect(page.locator('#coverage')).toContainText('never tried');

  await open(page, '/chef');
  await expect(page.getByText('Nothing waits')).toBeVisible();
  await page.getByLabel('Name').fill('zk-1');
  await page.getByLabel('Service').selectOption('zookeeper');
  await press(page, 'Map to service');
  await expect(page.locator('#mapped')).toContainText('zk-1');
}
