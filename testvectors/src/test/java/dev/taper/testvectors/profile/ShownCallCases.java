package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Calls as they are shown to a person whose yes is asked for. */
final class ShownCallCases {
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final String PAY =
      CatalogTexts.tool(
          "\"operation\":\"write\",\"arguments\":{"
              + "\"amount\":{\"type\":\"number\",\"unit\":\"EUR\",\"role\":\"amount\"},"
              + "\"comment\":{\"type\":\"string\",\"is\":\"text\",\"role\":\"text\"},"
              + "\"copy\":{\"type\":\"array\",\"role\":\"touched\"},"
              + "\"to\":{\"type\":\"string\",\"role\":\"touched\"},"
              + "\"urgent\":{\"type\":\"boolean\"}}");

  private final Cases cases =
      new Cases(
          "shown-calls",
          "Calls as they are shown to a person (docs/profile.md, section 12): what would happen,"
              + " the arguments in their order, and what was cut, by a catalog or without one.");

  private ShownCallCases() {}

  static JsonNode file() {
    ShownCallCases all = new ShownCallCases();
    all.addOrder();
    all.addHostile();
    all.addLong();
    return all.cases.file();
  }

  private void add(String name, @Nullable String catalog, String args) {
    add(name, catalog, args, 600);
  }

  private void add(String name, @Nullable String catalog, String args, int columns) {
    ObjectNode one =
        Json.object(
            "catalog",
            catalog,
            "tool",
            "t",
            "resource",
            "bank:account/1",
            "args",
            args,
            "digest",
            DIGEST,
            "columns",
            columns);
    cases.add(
        name,
        null,
        "catalog",
        catalog,
        "tool",
        "t",
        "resource",
        "bank:account/1",
        "args",
        args,
        "digest",
        DIGEST,
        "columns",
        columns,
        "expect",
        CatalogRunner.shown(one));
  }

  private void addOrder() {
    add("no arguments", null, "{}");
    add("without a catalog, short ones by name", null, "{\"z\":1,\"a\":2,\"m\":{\"b\":[1,2]}}");
    add(
        "what is touched, the amount, others, texts",
        PAY,
        "{\"comment\":\"hi\",\"urgent\":true,\"amount\":250,\"to\":\"acc:1\",\"copy\":[\"acc:2\"]}");
    add(
        "the sender's order is no order",
        PAY,
        "{\"urgent\":true,\"to\":\"acc:1\",\"comment\":\"hi\",\"copy\":[\"acc:2\"],\"amount\":250}");
    add(
        "a catalog that declares the amount alone: all others are touched",
        CatalogTexts.tool(
            "\"arguments\":{\"amount\":{\"type\":\"number\",\"role\":\"amount\"},"
                + "\"a\":{\"type\":\"string\"},\"to\":{\"type\":\"string\"}}"),
        "{\"a\":\"x\",\"amount\":1,\"to\":\"acc:1\"}");
    add(
        "a catalog that says nothing of roles",
        CatalogTexts.tool("\"arguments\":{\"b\":{\"type\":\"string\"},\"a\":{\"type\":\"any\"}}"),
        "{\"b\":\"x\",\"a\":1}");
    add(
        "a long one that is touched comes behind short ones",
        PAY,
        "{\"to\":\"" + "x".repeat(200) + "\",\"copy\":[],\"urgent\":false,\"amount\":1}");
    add("names in the order of UTF-16 code units", null, "{\"\\ufb00\":1,\"\\ud83d\\ude00\":2}");
  }

  private void addHostile() {
    add(
        "a long comment before the recipient",
        null,
        "{\"comment\":\"" + "as agreed, ".repeat(100) + "\",\"to\":\"attacker\"}");
    add(
        "characters that turn or hide",
        null,
        "{\"to\":\"\\u202eresu\",\"no\\u2066te\":\"\\u200b\"}");
    add(
        "a value that imitates another row",
        null,
        "{\"a\":\"x\\n  touches    \\\"to\\\": \\\"acc:friend\\\"\\r\\u001b[2K\",\"to\":\"acc:1\"}");
    add("spaces that push away", null, "{\"a\":\"" + " ".repeat(70) + "x\"}");
    add("nested objects", null, "{\"o\":{\"z\":{\"to\":\"b\"},\"a\":[{\"to\":\"c\"}]},\"b\":null}");
    add("a name like that of a member", null, "{\"__proto__\":1,\"constructor\":2}");
  }

  private void addLong() {
    StringJoiner many = new StringJoiner(",", "{", "}");
    for (int i = 0; i < 200; i++) {
      many.add("\"a" + (1000 + i) + "\":" + i);
    }
    add("two hundred arguments", null, many.toString());
    add("two hundred arguments, with room", null, many.toString(), 8192);
    add("as wide as fits", null, "{\"a\":\"" + "x".repeat(200) + "\"}", 3 * 64 + 4 * 64);
    add("a column wider", null, "{\"a\":\"" + "x".repeat(200) + "\"}", 3 * 64 + 4 * 64 - 1);
    add("as many rows as fit", null, "{\"a\":1,\"b\":2,\"c\":3}", 6 * 64);
    add("a row more, each short", null, "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}", 6 * 64);
    add("a long name", null, "{\"" + "n".repeat(200) + "\":1}", 100);
    add(
        "a long text of what the catalog calls a text",
        PAY,
        "{\"comment\":\"" + "€".repeat(400) + "\",\"to\":\"acc:1\",\"amount\":9999.5}");
  }
}
