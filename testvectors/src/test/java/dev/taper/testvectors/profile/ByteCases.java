package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.crypto.PublicKey;
import dev.taper.wire.SignedBlock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes that are no token, and blocks that are rightly signed and no blocks. */
final class ByteCases {
  private static final String HOSTILE = "hostile_bytes";
  private static final List<String> ROOTS = List.of(Cast.ROOT.publicKey().toString());

  private final Cases cases =
      new Cases(
          "tokens",
          "Tokens whose text, envelope or blocks are not of the form that docs/profile.md, sections"
              + " 3 and 5, ask for. A case has a text or a token. The signatures over malformed"
              + " blocks are good.");

  private ByteCases() {}

  static JsonNode file() {
    ByteCases all = new ByteCases();
    all.addTexts();
    all.addEnvelopes();
    all.addKeys();
    all.addBlocks();
    all.addTerms();
    all.addExpressions();
    all.addLimits();
    all.addVersions();
    return all.cases.file();
  }

  private void text(String name, String text, String code) {
    cases.add(name, HOSTILE, "roots", ROOTS, "text", text, "expect", Cases.code(code));
  }

  private void token(String name, @Nullable String attack, byte[] token, String code) {
    cases.add(name, attack, "roots", ROOTS, "token", token, "expect", Cases.code(code));
  }

  private void malformed(String name, Proto token) {
    token(name, HOSTILE, token.toBytes(), "malformed_token");
  }

  private void addTexts() {
    byte[] token = Story.planner().held();
    String text = Messages.base64(token);
    String padded = Base64.getUrlEncoder().encodeToString(token);
    for (String good : List.of(padded, "biscuit:" + text)) {
      cases.add(
          "text '" + good.substring(0, 10) + "…' of " + good.length() + " characters",
          null,
          "roots",
          ROOTS,
          "text",
          good,
          "expect",
          Cases.ok(Json.object("mode", "held")));
    }
    text("empty text", "", "malformed_token");
    text("line feed at the end", text + "\n", "invalid_base64");
    text("space inside", text.substring(0, 8) + " " + text.substring(8), "invalid_base64");
    text(
        "the other alphabet of base64",
        text.substring(0, 8) + "+/" + text.substring(10),
        "invalid_base64");
    text("three padding characters", text + "===", "invalid_base64");
    text("one padding character of two", "Zg=", "invalid_base64");
    text("padding where none is needed", "Zm9v=", "invalid_base64");
    text("one character left over", text.substring(0, 9), "invalid_base64");
    text("stray bits", "Zh", "invalid_base64");
    text("prefix in upper case", "BISCUIT:" + text, "invalid_base64");
  }

  /** The planner's authority block in its envelope, as fields to be tampered with. */
  private static Proto signed() {
    return version(1);
  }

  private static Proto key(PublicKey key) {
    return key(key.algorithm().wireId(), key.bytes());
  }

  private static Proto key(int algorithm, byte[] bytes) {
    return Proto.EMPTY.number(1, algorithm).bytes(2, bytes);
  }

  private static Proto token(Proto block) {
    return Proto.EMPTY.message(2, block).message(4, Proto.EMPTY);
  }

  private void addEnvelopes() {
    byte[] whole = token(signed()).toBytes();
    malformed("no authority block", Proto.EMPTY.message(4, Proto.EMPTY));
    malformed("no proof", Proto.EMPTY.message(2, signed()));
    malformed("byte behind the end", token(signed()).raw(0));
    token("last byte cut off", HOSTILE, Arrays.copyOf(whole, whole.length - 1), "malformed_token");
    malformed("unknown field", token(signed()).number(5, 1));
    malformed("unknown field in a block", token(signed().number(6, 1)));
    malformed("authority block twice", token(signed()).message(2, signed()));
    malformed("proof twice", token(signed()).message(4, Proto.EMPTY));
    malformed("signature twice", token(signed().bytes(3, new byte[64])));
    Proto both = Proto.EMPTY.bytes(1, new byte[32]).bytes(2, new byte[64]);
    malformed("secret and final signature", Proto.EMPTY.message(2, signed()).message(4, both));
    malformed("hint as bytes", token(signed()).bytes(1, new byte[1]));
    malformed("hint of 33 bits", token(signed()).number(1, 1L << 32));
    malformed("number longer than it need be", token(signed()).raw(0x08, 0x81, 0x00));
    malformed(
        "number of eleven bytes",
        token(signed())
            .raw(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01));
    malformed("length beyond the end", token(signed()).raw(0x12, 0x7f));
    Proto noSignature = Proto.EMPTY.bytes(1, new byte[1]).message(2, key(Cast.ROOT.publicKey()));
    malformed("block without a signature", token(noSignature));
    malformed(
        "block without a next key",
        token(Proto.EMPTY.bytes(1, new byte[1]).bytes(3, new byte[64])));
    malformed(
        "external signature of block 0",
        token(
            signed()
                .message(
                    4, Proto.EMPTY.bytes(1, new byte[64]).message(2, key(Cast.BOSS.publicKey())))));
    token("signature version 2", HOSTILE, token(version(2)).toBytes(), "unsupported_version");
    SignedBlock third = Story.third(Story.planner(), Cast.AUDITOR, "a(1);", null).step(1).block();
    SignedBlock zero =
        SignedBlock.of(third.payload(), third.nextKey(), third.signature(), third.external(), 0);
    Chain chain =
        Story.planner().then(new Chain.Step(Cast.PLANNER.publicKey(), zero, new byte[0], null));
    token(
        "third party's block of signature version 0", HOSTILE, chain.held(), "unsupported_version");
    Proto many = Proto.EMPTY.message(2, signed());
    for (int i = 0; i < 32; i++) {
      many = many.message(3, signed());
    }
    token("33 blocks", HOSTILE, many.message(4, Proto.EMPTY).toBytes(), "decode_limit");
  }

  private static Proto version(int version) {
    SignedBlock block = Story.planner().step(0).block();
    return Proto.EMPTY
        .bytes(1, block.payload())
        .message(2, key(block.nextKey()))
        .bytes(3, block.signature())
        .number(5, version);
  }

  private void addKeys() {
    SignedBlock block = Story.planner().step(0).block();
    for (KeyCases.BadKey bad : KeyCases.badKeys()) {
      Proto signed =
          Proto.EMPTY
              .bytes(1, block.payload())
              .message(2, key(bad.algorithm().wireId(), bad.bytes()))
              .bytes(3, block.signature())
              .number(5, 1);
      token("next key: " + bad.name(), "weak_key", token(signed).toBytes(), "invalid_key");
    }
    Proto unknown = Proto.EMPTY.bytes(1, block.payload()).message(2, key(2, new byte[32]));
    malformed("next key of algorithm 2", token(unknown.bytes(3, block.signature()).number(5, 1)));
  }

  /** A token whose only block has these bytes, rightly signed. */
  private void block(String name, Proto payload, String code) {
    Chain chain = Chain.empty().then(payload.toBytes(), Cast.ROOT, Cast.PLANNER.publicKey(), 1);
    token(name, HOSTILE, chain.held(), code);
  }

  /** The planner's token and a block of these bytes, rightly signed. */
  private void second(String name, Proto payload, String code) {
    token(name, HOSTILE, behindPlanner(payload), code);
  }

  private static Proto versioned(int version) {
    return Proto.EMPTY.number(3, version);
  }

  private static Proto fact(Proto... terms) {
    Proto predicate = Proto.EMPTY.number(1, 0);
    for (Proto term : terms) {
      predicate = predicate.message(2, term);
    }
    return Proto.EMPTY.message(1, predicate);
  }

  private static Proto check(Proto... ops) {
    Proto expression = Proto.EMPTY;
    for (Proto op : ops) {
      expression = expression.message(1, op);
    }
    Proto head = Proto.EMPTY.number(1, 27);
    Proto query = Proto.EMPTY.message(1, head).message(3, expression);
    return Proto.EMPTY.message(1, query);
  }

  private static Proto value(boolean value) {
    return Proto.EMPTY.message(1, Proto.EMPTY.number(6, value ? 1 : 0));
  }

  private void addBlocks() {
    block("block of random bytes", Proto.EMPTY.raw(0xde, 0xad, 0xbe, 0xef), "malformed_block");
    block("unknown field in a block's bytes", versioned(3).number(9, 1), "malformed_block");
    block("version twice", versioned(3).number(3, 3), "malformed_block");
    block(
        "context that is not UTF-8",
        versioned(3).bytes(2, new byte[] {(byte) 0xff}),
        "malformed_block");
    block("check without a query", versioned(3).message(6, Proto.EMPTY), "malformed_block");
    block("empty expression", versioned(3).message(6, check()), "malformed_block");
    block(
        "expression that leaves two values",
        versioned(3).message(6, check(value(true), value(true))),
        "malformed_block");
    Proto and = Proto.EMPTY.message(3, Proto.EMPTY.number(1, 13));
    block(
        "operation without its operand",
        versioned(3).message(6, check(value(true), and)),
        "malformed_block");
    Proto unknownOperation = Proto.EMPTY.message(3, Proto.EMPTY.number(1, 30));
    block(
        "unknown operation",
        versioned(3).message(6, check(value(true), value(true), unknownOperation)),
        "malformed_block");
    Proto externWithout = Proto.EMPTY.message(2, Proto.EMPTY.number(1, 4));
    block(
        "call without a function's name",
        versioned(6).message(6, check(value(true), externWithout)),
        "malformed_block");
    Proto lazy = Proto.EMPTY.message(3, Proto.EMPTY.number(1, 23));
    block(
        "lazy operation without a closure",
        versioned(6).message(6, check(value(true), value(true), lazy)),
        "malformed_block");
    block(
        "symbol of no one",
        versioned(3).message(4, fact(Proto.EMPTY.number(3, 1024))),
        "unknown_symbol");
    block(
        "reserved symbol",
        versioned(3).message(4, fact(Proto.EMPTY.number(3, 28))),
        "unknown_symbol");
    block("default symbol declared", versioned(3).text(1, "read"), "symbol_table_overlap");
    second(
        "symbol of an earlier block declared",
        versioned(3).text(1, "delegator"),
        "symbol_table_overlap");
    Proto planner = key(Cast.PLANNER.publicKey());
    block(
        "public key declared twice",
        versioned(4).message(8, planner).message(8, planner),
        "public_key_table_overlap");
    block(
        "scope of no key", versioned(4).message(7, Proto.EMPTY.number(2, 0)), "unknown_scope_key");
    block(
        "scope of a kind that there is not",
        versioned(4).message(7, Proto.EMPTY.number(1, 2)),
        "malformed_block");
  }

  private void addTerms() {
    Proto one = Proto.EMPTY.number(2, 1);
    block(
        "variable in a fact",
        versioned(3).message(4, fact(Proto.EMPTY.number(1, 0))),
        "malformed_block");
    block("term of nothing", versioned(3).message(4, fact(Proto.EMPTY)), "malformed_block");
    block("term of two kinds", versioned(3).message(4, fact(one.number(6, 1))), "malformed_block");
    block(
        "boolean of 2", versioned(3).message(4, fact(Proto.EMPTY.number(6, 2))), "malformed_block");
    Proto set = Proto.EMPTY.message(7, Proto.EMPTY.message(1, one));
    block(
        "set in a set",
        versioned(3).message(4, fact(Proto.EMPTY.message(7, Proto.EMPTY.message(1, set)))),
        "malformed_block");
    Proto mixed = Proto.EMPTY.message(1, one).message(1, Proto.EMPTY.number(6, 1));
    block(
        "set of two types",
        versioned(3).message(4, fact(Proto.EMPTY.message(7, mixed))),
        "malformed_block");
    Proto entry = Proto.EMPTY.message(1, Proto.EMPTY.number(1, 5)).message(2, one);
    Proto map = Proto.EMPTY.message(10, Proto.EMPTY.message(1, entry).message(1, entry));
    block("key twice in a map", versioned(6).message(4, fact(map)), "malformed_block");
    Proto nothings =
        Proto.EMPTY.message(7, Proto.EMPTY.message(1, Proto.EMPTY.message(8, Proto.EMPTY)));
    block(
        "null in a set in version 5",
        versioned(5).message(4, fact(nothings)),
        "feature_not_in_version");
    Proto variable = Proto.EMPTY.number(1, 0);
    Proto listed = Proto.EMPTY.message(9, Proto.EMPTY.message(1, variable));
    block(
        "variable in an array", versioned(6).message(6, check(operand(listed))), "malformed_block");
    Proto keyed = Proto.EMPTY.message(1, Proto.EMPTY.number(1, 5)).message(2, variable);
    Proto mapped = Proto.EMPTY.message(10, Proto.EMPTY.message(1, keyed));
    block("variable in a map", versioned(6).message(6, check(operand(mapped))), "malformed_block");
    Proto deep = one;
    for (int i = 0; i < 64; i++) {
      deep = Proto.EMPTY.message(9, Proto.EMPTY.message(1, deep));
    }
    block("an integer in 64 arrays", versioned(6).message(4, fact(deep)), "decode_limit");
  }

  private void addExpressions() {
    Proto not = Proto.EMPTY.message(2, Proto.EMPTY.number(1, 0));
    Proto[] high = new Proto[257];
    Arrays.fill(high, not);
    high[0] = value(true);
    taken("expression 256 high", versioned(3).message(6, check(Arrays.copyOf(high, 256))));
    second("expression 257 high", versioned(3).message(6, check(high)), "decode_limit");
    Proto nested = versioned(6).message(6, check(value(false), closures(127), binary(24), not));
    taken("127 closures, 256 high", nested);
    second(
        "128 closures, 257 high",
        versioned(6).message(6, check(value(false), closures(128), binary(24))),
        "decode_limit");
    Proto none = closure(value(true));
    Proto single = closureOf(Proto.EMPTY.number(1, 0), value(true));
    Proto pair = closureOf(Proto.EMPTY.number(1, 0).number(1, 1), value(true));
    parameters("&& and a closure of one parameter", value(true), single, binary(23));
    parameters("|| and a closure of one parameter", value(true), single, binary(24));
    parameters("all and a closure without a parameter", value(true), none, binary(25));
    parameters("any and a closure of two parameters", value(true), pair, binary(26));
    parameters("try_or and a closure of one parameter", single, value(true), binary(29));
    parameters("try_or with its closure on the right", value(true), none, binary(29));
  }

  private void parameters(String name, Proto... ops) {
    second(name, versioned(6).message(6, check(ops)), "malformed_block");
  }

  private static Proto operand(Proto term) {
    return Proto.EMPTY.message(1, term);
  }

  private static Proto binary(int kind) {
    return Proto.EMPTY.message(3, Proto.EMPTY.number(1, kind));
  }

  private static Proto closure(Proto... ops) {
    return closureOf(Proto.EMPTY, ops);
  }

  private static Proto closureOf(Proto parameters, Proto... ops) {
    Proto closure = parameters;
    for (Proto op : ops) {
      closure = closure.message(2, op);
    }
    return Proto.EMPTY.message(4, closure);
  }

  /** {@code true}, or {@code false || …} in a closure in so many closures. */
  private static Proto closures(int levels) {
    Proto closure = closure(value(true));
    for (int i = 1; i < levels; i++) {
      closure = closure(value(false), closure, binary(24));
    }
    return closure;
  }

  private void addLimits() {
    text("more than 65,536 bytes", "A".repeat(87_384), "decode_limit");
    Proto symbols = versioned(3);
    int used = Story.planner().decoded().get(0).symbols().size();
    for (int i = used; i < 4096; i++) {
      symbols = symbols.text(1, Integer.toString(i, 36));
    }
    taken("4,096 symbols", symbols);
    limited("4,097 symbols", symbols.text(1, "?"));
    Proto keys = versioned(4);
    for (int i = 0; i < 256; i++) {
      keys = keys.message(8, key(0, Arrays.copyOf(new byte[] {2, (byte) i}, 32)));
    }
    taken("256 public keys", keys);
    limited("257 public keys", keys.message(8, key(Cast.PLANNER.publicKey())));
    Proto facts = versioned(3);
    for (int i = 0; i < 4096; i++) {
      facts = facts.message(4, fact());
    }
    taken("4,096 facts", facts);
    limited("4,097 facts", facts.message(4, fact()));
  }

  /** In text form, as it is long. */
  private void limited(String name, Proto payload) {
    text(name, Messages.base64(behindPlanner(payload)), "decode_limit");
  }

  /** The planner's token and a block of these bytes that is good. */
  private void taken(String name, Proto payload) {
    cases.add(
        name,
        null,
        "roots",
        ROOTS,
        "text",
        Messages.base64(behindPlanner(payload)),
        "expect",
        Cases.ok(Json.object("mode", "held")));
  }

  private static byte[] behindPlanner(Proto payload) {
    return Story.planner()
        .then(payload.toBytes(), Cast.PLANNER, Cast.PLANNER.publicKey(), 1)
        .held();
  }

  private void addVersions() {
    for (int version = 3; version < 5; version++) {
      Chain chain =
          Story.planner()
              .third(
                  versioned(version).toBytes(),
                  Cast.AUDITOR,
                  Cast.AUDITOR.publicKey(),
                  Cast.PLANNER,
                  Cast.PLANNER.publicKey());
      token(
          "third party's block of Datalog version " + version,
          HOSTILE,
          chain.held(),
          "feature_not_in_version");
    }
    block("no version", Proto.EMPTY, "unsupported_version");
    block("version 2", versioned(2), "unsupported_version");
    block("version 7", versioned(7), "unsupported_version");
    Proto scope = Proto.EMPTY.number(1, 0);
    block("scope in version 3", versioned(3).message(7, scope), "feature_not_in_version");
    Proto reject = check(value(false)).number(2, 2);
    block("reject if in version 5", versioned(5).message(6, reject), "feature_not_in_version");
    block(
        "kind of a check in version 3",
        versioned(3).message(6, check(value(true)).number(2, 0)),
        "feature_not_in_version");
    Proto nothing = Proto.EMPTY.message(8, Proto.EMPTY);
    block("null in version 5", versioned(5).message(4, fact(nothing)), "feature_not_in_version");
    Proto type = Proto.EMPTY.message(2, Proto.EMPTY.number(1, 3));
    block(
        ".type() in version 5",
        versioned(5).message(6, check(value(true), type)),
        "feature_not_in_version");
  }
}
