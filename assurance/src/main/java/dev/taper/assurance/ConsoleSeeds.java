package dev.taper.assurance;

import dev.taper.JsonFields;
import dev.taper.agent.approval.Approval;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** The first questions of a page to the console, and answers of a relay. */
final class ConsoleSeeds {
  private ConsoleSeeds() {}

  static void write(Seeds seeds) throws IOException {
    request(seeds);
    relay(seeds);
  }

  private static Approval approval() {
    return ConsoleReader.REQUEST.approve(
        Keys.APPROVER, Approval.Terms.lasting(Duration.ofMinutes(5)), Keys.CLOCK);
  }

  private static void request(Seeds seeds) throws IOException {
    Harness harness = Harness.CONSOLE_REQUEST;
    seeds.add(
        harness,
        "living",
        "GET living?within=3d&show=expiring&delegator=user:a&order=task&limit=5");
    seeds.add(harness, "living-after", "GET living?order=agent&limit=1&after=a");
    seeds.add(harness, "reviews", "GET reviews?after=4&limit=3");
    seeds.add(harness, "review", "GET reviews/1?state=open&after=0&limit=2");
    seeds.add(
        harness,
        "started",
        "POST reviews\n{\"title\":\"Q3\",\"due\":\"3d\",\"agent\":\"agent:a\"}");
    seeds.add(
        harness,
        "decided",
        "POST reviews/1/decisions\n{\"decision\":\"certified\",\"items\":[1,2],\"reason\":\"a\"}");
    seeds.add(
        harness,
        "timeline",
        "GET timeline?kind=task_end,deny&task=T-4711&since=1&until=99999999999999&limit=2");
    seeds.add(harness, "task", "GET tasks/T-4711");
    String ask = "{\"ask\":\"" + ConsoleReader.NAME + "\",";
    String statement =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(approval().statement().toJson().getBytes(StandardCharsets.UTF_8));
    seeds.add(harness, "asks", "GET asks?state=all&limit=20&after=1.a&key=" + key());
    seeds.add(harness, "one", "GET asks/" + ConsoleReader.NAME + "?key=" + key());
    seeds.add(
        harness,
        "answers",
        "POST answers\n{\"answers\":["
            + ask
            + "\"approval\":\""
            + approval().encodeBase64()
            + "\"}]}");
    seeds.add(
        harness, "refusal", "POST answers\n{\"answers\":[" + ask + "\"refusal\":\"not today\"}]}");
    seeds.add(
        harness,
        "draft",
        "POST drafts\n"
            + ask
            + "\"window_s\":600,\"uses\":3,\"reason\":\"fine\",\"calls\":[{\"tools\":[\"jira.*\"],"
            + "\"operations\":[\"read\"],\"resources\":[\"jira:project/*\"]}],\"onward_from\":0}");
    seeds.add(
        harness,
        "keeper",
        "POST keeper-approvals\n" + ask + "\"statement\":\"" + statement + "\"}");
    seeds.add(
        harness,
        "revoke",
        "POST revocations/draft\n{\"kind\":\"task\",\"id\":\"T-1\",\"reason\":\"left\","
            + "\"task_end\":true}");
    seeds.add(harness, "twice", "POST answers\n{\"answers\":[],\"answers\":[]}");
    seeds.add(harness, "up", "GET asks/%2e%2e/x?a=%ff&a=1");
  }

  private static String key() {
    return Keys.APPROVER.publicKey().toString().replace("/", "%2F");
  }

  private static void relay(Seeds seeds) throws IOException {
    Harness harness = Harness.CONSOLE_RELAY;
    String item =
        new JsonFields()
            .put("ask", ConsoleReader.NAME)
            .put("state", "open")
            .put("until_s", 1_795_000_000L)
            .put("audience", HttpReader.AUDIENCE)
            .put("request", ConsoleReader.REQUEST.encode())
            .put("approvals", List.of(approval().encodeBase64()))
            .put("counts", true)
            .put("alike", 2)
            .put("possible", new JsonFields().put("yes", true))
            .toJson();
    String impossible =
        item.replace("{\"yes\":true}", "{\"yes\":false,\"code\":\"revoked\",\"detail\":\"<b>\"}");
    seeds.add(harness, "one", page(item));
    seeds.add(harness, "impossible", page(impossible));
    seeds.add(harness, "twice", page(item + "," + item));
    seeds.add(harness, "nothing", page(""));
    String token = ConsoleReader.REQUEST.token().encodeBase64();
    String changed = token.substring(0, 200) + (token.charAt(200) == 'A' ? 'B' : 'A');
    seeds.add(harness, "chain", page(item.replace(token.substring(0, 201), changed)));
    seeds.add(harness, "script", "<script>alert(1)</script>");
  }

  private static String page(String items) {
    return "{\"items\":[" + items + "],\"next\":\"1795000000000.ab\",\"open\":1,\"hidden\":0}";
  }
}
