package dev.taper.testvectors;

import java.util.List;

/** The published set: operations, scopes, checks and policies of v3.0 and v3.1. */
final class SampleCases {
  private static final String ALLOW = "allow if true;";

  private SampleCases() {}

  static List<SampleCase> all() {
    return List.of(
        rights(),
        attenuated(),
        expiry(),
        derivedRight(),
        ruleInLaterBlock(),
        integers(),
        strings(),
        dates(),
        bytesAndBooleans(),
        sets(),
        bitwise(),
        checkAll(),
        alternatives(),
        trustingPrevious(),
        blockScope(),
        keyScope(),
        policies(),
        sealed(),
        overflow(),
        defaultSymbols(),
        researchAgents());
  }

  private static SampleCase rights() {
    String authorizer =
        """
        resource("%s");
        operation("%s");
        allow if resource($r), operation($o), right($r, $o);
        """;
    return SampleCase.of("rights", "an authority block with rights")
        .block(
            "right(\"file1\", \"read\"); right(\"file1\", \"write\"); right(\"file2\", \"read\");")
        .judge("granted", authorizer.formatted("file2", "read"))
        .judge("not granted", authorizer.formatted("file2", "write"));
  }

  private static SampleCase attenuated() {
    String authorizer =
        "resource(\"file1\"); operation(\"%s\"); allow if resource($r), operation($o), right($r, $o);";
    return SampleCase.of("attenuated", "a block that narrows to reading")
        .block("right(\"file1\", \"read\"); right(\"file1\", \"write\");")
        .block("check if operation(\"read\");")
        .judge("read", authorizer.formatted("read"))
        .judge("write", authorizer.formatted("write"));
  }

  private static SampleCase expiry() {
    return SampleCase.of("expiry", "an expiry that a later block shortens")
        .block("user(\"a\"); check if time($t), $t <= 2030-01-01T00:00:00Z;")
        .block("check if time($t), $t <= 2026-12-01T00:00:00Z;")
        .judge("in time", "time(2026-11-24T12:00:00Z);" + ALLOW)
        .judge("after the first", "time(2027-01-01T00:00:00Z);" + ALLOW)
        .judge("after both", "time(2031-01-01T00:00:00Z);" + ALLOW)
        .judge("no time", ALLOW);
  }

  private static SampleCase derivedRight() {
    return SampleCase.of("derived_right", "a rule of the authority block")
        .block(
            """
            owner("a", "file1");
            right($file, "read") <- resource($file), owner($user, $file), user($user);
            check if right($file, "read"), resource($file);
            """)
        .judge("owner", "resource(\"file1\"); user(\"a\");" + ALLOW)
        .judge("somebody else", "resource(\"file1\"); user(\"b\");" + ALLOW);
  }

  private static SampleCase ruleInLaterBlock() {
    return SampleCase.of("rule_in_later_block", "what a later block derives is its own")
        .block("user(\"a\"); check if right(\"file1\", \"read\");")
        .block(
            """
            right($file, "read") <- resource($file), user($user);
            right("file2", "read");
            check if right("file1", "read");
            """)
        .judge("", "resource(\"file1\"); allow if right(\"file2\", \"read\");");
  }

  private static SampleCase integers() {
    return SampleCase.of("integers", "operations on integers")
        .block(
            """
            check if 1 < 2, 2 > 1, 1 <= 1, 1 >= 1, 3 === 3;
            check if 1 + 2 * 3 - 4 / 2 === 5;
            check if -9223372036854775808 < 9223372036854775807;
            check if level($l), ($l + 1) * 2 === 8;
            """)
        .judge("three", "level(3);" + ALLOW)
        .judge("four", "level(4);" + ALLOW);
  }

  private static SampleCase strings() {
    return SampleCase.of("strings", "operations on strings")
        .block(
            """
            check if "hello world".starts_with("hello"), "hello world".ends_with("world");
            check if "hello world".contains("o w"), "hello world" === "hello" + " " + "world";
            check if "\u00e9t\u00e9 \ud83d\udd11".length() === 10;
            check if resource($r), $r.matches("^file[0-9]+[.]txt$");
            """)
        .judge("match", "resource(\"file12.txt\");" + ALLOW)
        .judge("no match", "resource(\"file12-txt\");" + ALLOW);
  }

  private static SampleCase dates() {
    return SampleCase.of("dates", "operations on dates")
        .block(
            """
            check if 1970-01-01T00:00:00Z < 2026-11-24T12:00:00Z;
            check if 2026-11-24T12:00:00Z === 2026-11-24T13:00:00+01:00;
            check if time($t), $t >= 2026-11-24T00:00:00Z, $t < 2026-11-25T00:00:00Z;
            """)
        .judge("on the day", "time(2026-11-24T23:59:59Z);" + ALLOW)
        .judge("the day after", "time(2026-11-25T00:00:00Z);" + ALLOW);
  }

  private static SampleCase bytesAndBooleans() {
    return SampleCase.of("bytes_booleans", "operations on byte arrays and booleans")
        .block(
            """
            digest("file1", hex:00ff10);
            check if digest("file1", $d), $d === hex:00ff10, $d.length() === 3;
            check if true, !false, true === true;
            check if true || false, !(true && false);
            check if enabled($e), $e;
            """)
        .judge("enabled", "enabled(true);" + ALLOW)
        .judge("disabled", "enabled(false);" + ALLOW);
  }

  private static SampleCase sets() {
    return SampleCase.of("sets", "operations on sets")
        .block(
            """
            allowed({"read", "list"});
            check if operation($o), allowed($a), $a.contains($o);
            check if {1, 2, 3}.contains({1, 3}), {1, 2} === {2, 1}, {1, 2}.length() === 2;
            check if {1, 2}.union({2, 3}) === {1, 2, 3}, {1, 2}.intersection({2, 3}) === {2};
            check if {hex:01, hex:02}.contains(hex:01), {true, false}.contains(true);
            """)
        .judge("inside", "operation(\"list\");" + ALLOW)
        .judge("outside", "operation(\"write\");" + ALLOW);
  }

  private static SampleCase bitwise() {
    return SampleCase.of("bitwise", "bitwise operations and strict inequality (v3.1)")
        .block(
            """
            check if 12 & 10 === 8, 12 | 10 === 14, 12 ^ 10 === 6;
            check if "a" !== "b", 1 !== 2, hex:00 !== hex:01;
            check if mask($m), $m & 4 !== 0;
            """)
        .judge("set", "mask(5);" + ALLOW)
        .judge("not set", "mask(3);" + ALLOW);
  }

  private static SampleCase checkAll() {
    return SampleCase.of("check_all", "a check that must hold for every match (v3.1)")
        .block(
            "allowed({\"read\", \"list\"}); check all operation($o), allowed($a), $a.contains($o);")
        .judge("all inside", "operation(\"read\"); operation(\"list\");" + ALLOW)
        .judge("one outside", "operation(\"read\"); operation(\"write\");" + ALLOW)
        .judge("none", ALLOW);
  }

  private static SampleCase alternatives() {
    return SampleCase.of("alternatives", "a check with two queries")
        .block("check if resource($r), $r.starts_with(\"public/\") or user(\"a\");")
        .judge("the first", "resource(\"public/x\");" + ALLOW)
        .judge("the second", "resource(\"x\"); user(\"a\");" + ALLOW)
        .judge("neither", "resource(\"x\"); user(\"b\");" + ALLOW);
  }

  private static SampleCase trustingPrevious() {
    return SampleCase.of("trusting_previous", "queries that trust earlier blocks (v3.1)")
        .block("role(\"reader\");")
        .block("role(\"writer\");")
        .block(
            """
            check if role("writer") trusting previous;
            check if role("writer");
            check if role("reader") trusting authority;
            """)
        .judge("", ALLOW);
  }

  private static SampleCase blockScope() {
    return SampleCase.of("block_scope", "a scope for a whole block (v3.1)")
        .block("role(\"reader\");")
        .block("role(\"writer\");")
        .block(
            """
            trusting previous;
            seen($r) <- role($r);
            check if seen("writer"), seen("reader");
            check if role("writer") trusting authority;
            """)
        .judge("", "allow if role(\"reader\");")
        .judge("authorizer trusts no block", "allow if seen(\"writer\");");
  }

  private static SampleCase keyScope() {
    String stranger = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29";
    return SampleCase.of("key_scope", "a scope that names a key nobody signed with (v3.1)")
        .block("group(\"staff\");")
        .block(
            """
            check if group("staff") trusting ed25519/%1$s;
            check if group("staff") trusting ed25519/%1$s, authority;
            """
                .formatted(stranger))
        .judge("", ALLOW);
  }

  private static SampleCase policies() {
    String rules =
        "deny if operation(\"delete\"); allow if operation(\"read\"); deny if resource(\"secret\");";
    return SampleCase.of("policies", "the first policy that matches decides")
        .block("user(\"a\"); check if user(\"a\");")
        .judge("allow", "operation(\"read\"); resource(\"secret\");" + rules)
        .judge("deny first", "operation(\"read\"); operation(\"delete\");" + rules)
        .judge("deny last", "operation(\"list\"); resource(\"secret\");" + rules)
        .judge("none", "operation(\"list\"); check if user(\"b\");" + rules)
        .judge("deny with a failed check", "operation(\"delete\"); check if user(\"b\");" + rules);
  }

  private static SampleCase sealed() {
    return SampleCase.of("sealed", "a sealed token")
        .block("right(\"file1\", \"read\"); right(\"file2\", \"read\");")
        .block("check if resource(\"file1\");")
        .seal()
        .judge("inside", "resource(\"file1\"); allow if resource($r), right($r, \"read\");")
        .judge("outside", "resource(\"file2\"); allow if resource($r), right($r, \"read\");");
  }

  private static SampleCase overflow() {
    return SampleCase.of("overflow", "an expression that cannot be evaluated")
        .block("check if true;")
        .block("check if 9223372036854775807 + 1 !== 0;")
        .judge("", ALLOW);
  }

  private static SampleCase defaultSymbols() {
    return SampleCase.of("default_symbols", "every symbol that the format predefines")
        .block(
            """
            read(0); write(1); resource(2); operation(3); right(4); time(5); role(6); owner(7);
            tenant(8); namespace(9); user(10); team(11); service(12); admin(13); email(14);
            group(15); member(16); ip_address(17); client(18); client_ip(19); domain(20); path(21);
            version(22); cluster(23); node(24); hostname(25); nonce(26); query(27);
            """)
        .judge("", "check if read(0), right(4), tenant(8), email(14), query(27);" + ALLOW);
  }

  /** One token on its way from whoever owns a project to the agent that works on a part of it. */
  private static SampleCase researchAgents() {
    String authorizer =
        """
        time(%s);
        resource("%s");
        operation("%s");
        deny if operation("delete");
        allow if resource($r), operation($op), right($prefix, $op), $r.starts_with($prefix);
        """;
    String noon = "2026-11-24T12:00:00Z";
    return SampleCase.of("research_agents", "research agents: a project's rights, twice narrowed")
        .block(
            """
            project("atlas");
            right("atlas/notes/", "read");
            right("atlas/notes/", "write");
            right("atlas/sources/", "read");
            check if time($t), $t < 2026-12-01T00:00:00Z;
            """)
        .block(
            """
            agent("researcher");
            check if operation($op), {"read", "write"}.contains($op);
            check if resource($r), $r.starts_with("atlas/");
            check if time($t), $t < 2026-11-25T00:00:00Z;
            """)
        .block(
            """
            agent("summarizer");
            check if operation("read");
            check if resource($r), $r.starts_with("atlas/notes/");
            check if time($t), $t < 2026-11-24T13:00:00Z;
            """)
        .judge("read a note", authorizer.formatted(noon, "atlas/notes/q3.md", "read"))
        .judge("write a note", authorizer.formatted(noon, "atlas/notes/q3.md", "write"))
        .judge("read a source", authorizer.formatted(noon, "atlas/sources/survey.pdf", "read"))
        .judge(
            "read a note too late",
            authorizer.formatted("2026-11-24T14:00:00Z", "atlas/notes/q3.md", "read"))
        .judge("read elsewhere", authorizer.formatted(noon, "budget/2026.csv", "read"))
        .judge("delete a note", authorizer.formatted(noon, "atlas/notes/q3.md", "delete"));
  }
}
