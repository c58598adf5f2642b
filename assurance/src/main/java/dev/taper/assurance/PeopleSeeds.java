package dev.taper.assurance;

import java.io.IOException;

/** The first inputs of what people and enrolling agents send. */
final class PeopleSeeds {
  private static final String PLANNER =
      "ed25519/404b4ed1b620dc9db640af871ef22ca05a1bbe70d316986b4e22799d0755e8f5";
  private static final String CI =
      "secp256r1/03ffb1c99619152895068f2cab6ca5f67e89caf2f38eebc3bd664c8e649e3a204d";

  private PeopleSeeds() {}

  static void write(Seeds seeds) throws IOException {
    seeds.add(
        Harness.PAGE_FORM,
        "answer",
        "token=AAAA&id=e1&digest=00&answer=yes&code=BCDF-GHJK&x=%E2%80%AE%3Cb%3E+%26");
    seeds.add(Harness.PAGE_FORM, "twice", "a=1&a=2");
    seeds.add(Harness.PAGE_FORM, "not-utf8", "a=%ff");
    seeds.add(Harness.PAGE_FORM, "empty", "");
    seeds.add(
        Harness.ENROLMENT_DETAILS,
        "name",
        "[{\"type\":\"taper_enrolment\",\"name\":\"agent:planner\"}]");
    seeds.add(Harness.ENROLMENT_DETAILS, "grant", "[{\"type\":\"taper_grant\"}]");
    seeds.add(
        Harness.ENROLMENTS_FILE,
        "two",
        "{\"format\":\"taper/1 enrolments\",\"agents\":["
            + agent("agent:planner", PLANNER, "code", "")
            + ","
            + agent("agent:ci", CI, "workload", ",\"until\":9")
            + "]}");
    seeds.add(Harness.ENROLMENTS_FILE, "none", "{\"format\":\"taper/1 enrolments\",\"agents\":[]}");
    seeds.add(Harness.ENROLMENTS_FILE, "empty", "{}");
    seeds.add(Harness.WORKLOADS_FILE, "empty", "{}");
    seeds.add(
        Harness.WORKLOADS_FILE,
        "rule",
        "{\"format\":\"taper/1 workloads\",\"workloads\":[{\"issuer\":\"https://ci.example\","
            + "\"audience\":\"https://issuer\",\"subject\":\"s:*\",\"name\":\"agent:*\","
            + "\"life\":\"2h\"}]}");
    workload(seeds, "no-star", "s:a", "agent:a", "90d");
    workload(seeds, "too-long", "s:a", "agent:a", "91d");
    workload(seeds, "star-in-the-name-alone", "s:a", "agent:*", "1h");
    workload(seeds, "no-agent", "s:*", "user:*", "1h");
    String kept =
        "{\"claims\":{\"department\":{\"id\":7}},\"delegator\":\"user:alice\","
            + "\"format\":\"taper/1 person\",\"issued\":1,\"provider\":\"https://login\","
            + "\"roles\":[\"qa\",\"support\"],\"subject\":\"a\"}";
    seeds.add(Harness.PERSON_FILE, "kept", kept);
    seeds.add(Harness.PERSON_FILE, "of-another", kept.replace("alice", "bob"));
    seeds.add(
        Harness.PERSON_FILE,
        "issued-behind-all-time",
        kept.replace("\"issued\":1", "\"issued\":9223372036854775807"));
  }

  private static void workload(Seeds seeds, String file, String subject, String name, String life)
      throws IOException {
    seeds.add(
        Harness.WORKLOADS_FILE,
        file,
        "{\"format\":\"taper/1 workloads\",\"workloads\":["
            + new JsonText()
                .text("issuer", "https://ci.example")
                .text("audience", "https://issuer")
                .text("subject", subject)
                .text("name", name)
                .text("life", life)
            + "]}");
  }

  private static String agent(String name, String key, String way, String more) {
    return "{\"name\":\""
        + name
        + "\",\"key\":\""
        + key
        + "\",\"way\":\""
        + way
        + "\",\"issuer\":\"https://login\",\"subject\":\"a\",\"since\":1"
        + more
        + "}";
  }
}
