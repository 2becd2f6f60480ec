"""Fills an empty notebook through its API, so that ids in requests lead somewhere.

Called with the notebook's address and the token of its setup link; prints one bearer token a line:
the first asks everything, the second looks after people and tokens.
"""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

BASE, SETUP = sys.argv[1], sys.argv[2]
PASSWORD = "correct horse battery"
COOKIES = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
TOKEN = None


def send(opener, path, body, kind):
    headers = {"Content-Type": kind, "Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    if TOKEN:
        headers["Authorization"] = f"Bearer {TOKEN}"
    request = urllib.request.Request(BASE + path, data=body, headers=headers)
    try:
        with opener.open(request) as answer:
            return answer.read()
    except urllib.error.HTTPError as refused:
        sys.exit(f"{path}: {refused.code} {refused.read().decode()}")


def act(path, **body):
    opener = urllib.request.build_opener() if TOKEN else COOKIES
    return json.loads(send(opener, "/api/v1" + path, json.dumps(body).encode(), "application/json"))


def look(path):
    request = urllib.request.Request(f"{BASE}/api/v1{path}", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


def token(name):
    return act("/profile/tokens", name=name, scope="all")["text"]


def come_in():
    global TOKEN
    act("/setup", token=SETUP, name="Ana", email="ana@example.org", password=PASSWORD, solo=True)
    form = urllib.parse.urlencode({"email": "ana@example.org", "password": PASSWORD}).encode()
    send(COOKIES, "/login", form, "application/x-www-form-urlencoded")
    TOKEN = token("first")
    # Numbers of tokens and people that may be revoked and disabled stand before those that may not.
    tokens = [token("asks everything"), token("looks after people")]
    for name in ("ben", "vic", "dora"):
        # They only look, so Ana goes on working alone.
        link = act("/people/invite", email=f"{name}@example.org", role="viewer")["text"]
        invited = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)["token"][0]
        act("/invite", token=invited, name=name.title(), password=PASSWORD)
    act("/people/invite", email="open@example.org", role="viewer")
    return tokens


def places():
    # No more careful than elsewhere: a start asks for no budget.
    act("/environments/production/edit", name="Production", version=1, **{"class": "other"})
    for name in ("kafka", "zookeeper", "alerting"):
        act("/services/add", name=name)
    targets = [{"name": f"zk-{n}", "environment": "production"} for n in (1, 2, 3)]
    act("/services/zookeeper/set-targets", rows=targets, version=1)
    for summary in ("3.9.1", "3.9.2"):
        act("/changes", kind="deploy", summary=summary, environment="production", services=["zookeeper"])


def check(measure, phase, aggregate, comparator, **more):
    return {"measure": measure, "phase": phase, "aggregate": aggregate, "comparator": comparator, **more}


def experiment(title, *services):
    made = act(
        "/experiments/create",
        title=title,
        if_fault="one ZooKeeper restarts",
        then_behaviour="alerts keep arriving",
        because_safeguard="a new leader takes over",
        services=services or ["zookeeper", "alerting"],
        environment="production",
        fault_kind="process-restart",
        selector="role=zookeeper",
        count=3,
        method=[{"op": "restart"}],
        checks=[check("alert-gap", "during", "max", "<=", threshold=60, unit="s"), check("back", "after", "every", "holds")],
        signals=[{"signal": "down", "expect": "fire", "time": "2 min"}],
        revert_procedure="Start it by hand",
        revert_owner="Ana",
        revert_deadline="5 min",
    )["id"]
    act(f"/experiments/{made}/observe", text="Elections take 9 s.")
    return made


def approved(title, *services):
    made = experiment(title, *services)
    act(f"/experiments/{made}/request-review")
    act(f"/experiments/{made}/plan/1/approve")
    return made


def promised(title):
    made = act(
        "/slos",
        title=title,
        service="zookeeper",
        environment="production",
        promise="A session you open stays open.",
        measure="answered pings",
        target="at least 99 % good",
        window="rolling",
        days=28,
        method="occurrences",
        too_broken="90 %",
    )["id"]
    act(f"/slos/{made}/approve", version=1)
    hours = [{"from": f"2026-11-2{day}T00:00:00Z", "to": f"2026-11-2{day}T01:00:00Z", "good": 990, "bad": 10} for day in (1, 2, 3)]
    act(f"/slos/{made}/measurements", rows=hours)
    source = {"address": "http://127.0.0.1:9090", "counts": "bad", "part": "bad_total", "total": "pings_total", "on": False}
    act(f"/slos/{made}/source", **source)


def agreed():
    act("/teams", name="Data platform", zone="Europe/Berlin", monday="09:00-17:00", holidays=["2026-12-25 Christmas Day"])
    for why in ("The sale begins", "The year ends"):
        act("/freezes", scope="service:alerting", why=why, until="2027-01-02T00:00:00Z", **{"from": "2026-12-20T00:00:00Z"})
    act("/chef/map", kind="node", name="zk-1", service="zookeeper", environment="production")
    act("/policy/write", reserve="20 %", revisit_on="2037-05-01", version=0)


def ready(run_id):
    """Ana is alone: she owns the run, can revert it, looks for incidents, and answers what the gate asks."""
    act(f"/runs/{run_id}/attend", person=1, parts=["owner"], can_revert=True, present=True)
    act(f"/runs/{run_id}/look-both-ways", looks=[{"look": "incidents", "sight": "clear"}])
    for settled in look(f"/runs/{run_id}")["gate"]:
        if settled["line"]["answer"] == "ask":
            act(f"/runs/{run_id}/answer-gate", check=settled["line"]["check"], text="Seen, and accepted")


def run(experiment_id, until):
    made = act("/runs/plan", experiment=experiment_id, targets=[{"name": "zk-1", "hit": True}])["id"]
    if until == "planned":
        return made
    ready(made)
    act(f"/runs/{made}/start", targets=[{"name": "zk-1", "hit": True}])
    act(f"/runs/{made}/begin-fault")
    act(f"/runs/{made}/record-effect", name="zk-1", effect="shown")
    act(f"/runs/{made}/observe", text="Alerts are late", kind="unexpected")
    act(f"/runs/{made}/deviate", text="Late")
    act(f"/runs/{made}/answer-check", check="alert-gap|during|max", seen="300..600", source="count", claimed="ok", claimed_source="board")
    if until == "running":
        return made
    act(f"/runs/{made}/end-fault")
    act(f"/runs/{made}/answer-check", check="back|after|every", seen="held", source="count")
    act(f"/runs/{made}/finish")
    if until == "finished":
        return made
    act(f"/runs/{made}/sign", verdict="refuted")
    act(f"/runs/{made}/close", decision="fix_and_rerun")
    return made


def learnt(run_id):
    for title in ("Alerts are late", "Nobody knew"):
        finding = act("/findings", title=title, origin=run_id, revealing="check:alert-gap|during|max")["id"]
        act(f"/findings/{finding}/suspect-cause", reason="A timeout")
        fix = act("/fixes", title=f"Mend: {title}", findings=[finding])["id"]
        act(f"/fixes/{fix}/deploy", environment="production", reference="v2")


def document(n):
    return {
        "chaoslib-version": "1.0", "platform": "", "node": "", "status": "completed", "deviated": False,
        "start": f"2026-11-22T19:35:{n:02}+00:00", "end": "2026-11-22T19:36:39+00:00", "duration": 60.0,
        "experiment": {"title": f"Journal {n}", "description": "", "method": []}, "run": [], "rollbacks": [],
        "steady_states": {"before": None, "after": None, "during": []},
    }  # fmt: skip


tokens = come_in()
places()
first, second = approved("Restart one ZooKeeper"), approved("Restart all of them", "kafka")
experiment("A draft")
act(f"/experiments/{experiment('In review')}/request-review")
closed = run(first, "closed")
learnt(closed)
# Two at a time on the same services would refuse each other.
for of, state in ((first, "planned"), (first, "planned"), (first, "finished"), (first, "finished"), (first, "running"), (second, "running")):
    run(of, state)
for title in ("Sessions answer", "Sessions answer soon"):
    promised(title)
agreed()
for title in ("Restart one of ours", "Restart another of ours"):
    act(f"/experiments/{first}/promote", name=title, requires=["quorum"])
act("/decisions", kind="keep_manual", claims=[first], reason="For now")
for n in (1, 2, 3):
    act("/ingest/chaostoolkit/journal?experiment=later", **document(n))
print("\n".join(tokens))
