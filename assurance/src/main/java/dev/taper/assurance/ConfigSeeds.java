package dev.taper.assurance;

import java.io.IOException;

/** The first configurations of services. */
final class ConfigSeeds {
  private static final String LEAST =
      """
      audience: svc:jira
      root-keys: roots.json
      revocations: none
      catalog: none
      """;

  private ConfigSeeds() {}

  static void write(Seeds seeds) throws IOException {
    properties(seeds);
    seeds.add(Harness.CONFIG_YAML, "least", LEAST);
    seeds.add(Harness.CONFIG_YAML, "unknown", LEAST + "polices: [a]\n");
    seeds.add(Harness.CONFIG_YAML, "alias", LEAST + "x: &a 1\ny: *a\n");
    seeds.add(Harness.CONFIG_YAML, "deep", "a: [[[[[[[[[[1]]]]]]]]]]\n");
    seeds.add(
        Harness.CONFIG_YAML,
        "all",
        """
        audience: svc:jira
        root-keys: roots.json
        catalog: catalog.json
        origins:
          - https://jira.example
          - {origin: "https://{tenant}.example.com", prefix: /jira}
        revocations:
          list: https://lists.example/revoked.list
          keys: [revoker.pub]
          memory: revoked.number
          every: 1m
        audit: {log: "sqlite:audit.db", key: audit.key, on-failure: allow, every-denial: true}
        policies: [read-only, own.datalog]
        shared-predicates: [team]
        names: {file: names.json, keys: names.pub}
        replay-memory: used
        proofs-alone: {longest: 5m, calls: 1000}
        approval-uses: "sqlite:used.db"
        budgets: {acme: memory, beta: "sqlite:used.db"}
        leases: {beta: {parts: 100, longest: 30s}}
        accept: [bearer, sealed]
        publish-approvers: true
        observe-only: false
        proof-window: {back: 2m, ahead: 10s}
        deadline: 250ms
        longest-justification: 30m
        longest-approval: 2d
        reload-every: never
        client: {roots: [/srv/files], sampling: true, elicitation: [form, url]}
        """);
  }

  private static void properties(Seeds seeds) throws IOException {
    String properties = LEAST.replace(": ", "=");
    seeds.add(Harness.CONFIG_PROPERTIES, "least", properties);
    seeds.add(Harness.CONFIG_PROPERTIES, "twice", properties + "catalog=other\n");
    seeds.add(Harness.CONFIG_PROPERTIES, "hole", properties + "policies[1]=a\n");
    seeds.add(
        Harness.CONFIG_PROPERTIES,
        "all",
        """
        # a comment
        audience = svc:jira
        root-keys: roots.json
        catalog catalog.json
        origins[0]=https://jira.example
        origins[1].origin=https://{tenant}.example.com
        origins[1].prefix=/jira
        revocations.list=https://lists.example/\\
            revoked.list
        revocations.keys=revoker.pub
        revocations.memory=none
        policies[1]=own.datalog
        policies[0]=read-only
        budgets.acme=memory
        proof-window.back=2m
        """);
  }
}
