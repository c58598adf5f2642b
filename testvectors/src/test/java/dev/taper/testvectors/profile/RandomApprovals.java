package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import java.util.List;
import java.util.Map;

/** Approvals, good and bad. */
final class RandomApprovals {
  private RandomApprovals() {}

  /** An approval by itself, of which about a half is none. */
  static ObjectNode next(Luck luck) {
    RandomText text = new RandomText(luck);
    Said said = vary(luck, Said.of(ActivationCases.ifBoss(), Statements.CALL));
    if (luck.percent(35)) {
      String member =
          luck.of(
              "id",
              "state",
              "audiences",
              "meaning",
              "calls",
              "uses",
              "from",
              "until",
              "reason",
              "onward",
              "other");
      said = luck.percent(30) ? said.without(member) : said.with(member, value(luck, text));
    }
    PrivateKey approver = luck.of(Cast.BOSS, Cast.AUDITOR);
    String json = said.json();
    byte[] bytes = Said.bytes(approver, luck.percent(20) ? text.changed(json) : json);
    String encoded = Messages.base64(luck.percent(25) ? text.changed(bytes) : bytes);
    return Json.object("text", luck.percent(97) ? encoded : text.changed(encoded));
  }

  private static Object value(Luck luck, RandomText text) {
    return switch (luck.below(8)) {
      case 0 -> luck.of(-1, 0, 1, 3600, 10_000, 10_001);
      case 1 -> luck.of(253_402_300_799L, 253_402_300_800L, 9_007_199_254_740_993L, Long.MAX_VALUE);
      case 2 -> text.string();
      case 3 -> List.of(text.string());
      case 4 -> List.of(luck.of("svc:a", "svc:b"), luck.of("svc:b", "svc:c"));
      case 5 -> luck.percent(50);
      case 6 -> luck.of("00".repeat(16), "00".repeat(32), "0".repeat(31), "AB".repeat(16));
      default -> pattern(luck, text);
    };
  }

  private static List<Object> pattern(Luck luck, RandomText text) {
    String resource =
        luck.percent(60) ? luck.of("jira:*", "jira:project/*", "jira:x", "jira:x/") : text.string();
    return List.of(
        luck.percent(50)
            ? Map.of("tools", List.of(luck.of("jira.*", "jira.search", "*", "jira.")))
            : Map.of("tools", List.of("jira.delete"), "resources", List.of(resource)));
  }

  /** The same in a form that may be good or not, at another time, for other services. */
  static Said vary(Luck luck, Said said) {
    Said varied = luck.percent(40) ? said.with("id", Json.hex(luck.bytes(16))) : said;
    if (luck.percent(35)) {
      varied = varied.times(luck.of(1, 1, 2, 3));
    }
    if (luck.percent(25)) {
      varied = varied.between(luck.of(-60, -1, 0, 1, 30, 31), luck.of(60, 61, 600, 3600, 90_000));
    }
    if (luck.percent(12)) {
      varied = varied.calls(luck.of(1, 2), luck.of("jira.*", "pay.transfer", "jira.search"));
      varied = luck.percent(90) ? varied.between(0, 3600) : varied;
      varied = luck.percent(40) ? varied.with("onward", true) : varied;
    }
    if (luck.percent(6)) {
      varied = varied.at(luck.of("svc:wiki", "svc:crm"));
    }
    return luck.percent(1) ? varied.with("onward", true) : varied;
  }
}
