package dev.taper.benchmarks.report;

import static dev.taper.benchmarks.report.Goal.atLeast;
import static dev.taper.benchmarks.report.Goal.atMost;
import static dev.taper.benchmarks.report.Quantity.bytes;
import static dev.taper.benchmarks.report.Quantity.rate;
import static dev.taper.benchmarks.report.Quantity.slope;
import static dev.taper.benchmarks.report.Quantity.time;

import dev.taper.benchmarks.AuditBenchmark;
import dev.taper.benchmarks.ClosureBenchmark;
import dev.taper.benchmarks.workload.Graph;
import java.util.ArrayList;
import java.util.List;

/**
 * The figures and their goals. All times are medians of one run, and ratios are of measurements in
 * the same run. {@code V} is one Ed25519 verification ({@code SignatureBenchmark.verify}) by the
 * backend that the figure is about: ACCP where it works, unless the name or the words say Bouncy
 * Castle.
 *
 * <p>To add one: write the benchmark, and a line here that names its cells. They are then measured
 * in every run.
 */
final class Figures {
  private static final List<Integer> HELD_BLOCKS = List.of(1, 3, 8, 20);
  private static final int REVOKED = 10_000_000;

  /**
   * What a bearer token with three attenuation blocks took native Rust (biscuit-rust 6.0.0, fat
   * LTO, AVX-512), cold, in verifications by ACCP in the same run: recorded once, on another
   * machine, because it cannot be built everywhere. Verifying and authorizing, 267.8 µs of 40.0;
   * authorizing alone, 40.8.
   */
  private static final double RUST_COLD_3 = 6.7;

  private static final double RUST_AUTHORIZE_3 = 1.02;

  private final String backend;
  private final List<Figure> figures = new ArrayList<>();

  private Figures(String backend) {
    this.backend = backend;
  }

  /**
   * The figures, in the order of the table.
   *
   * @param backend the backend in use: {@code accp} or {@code bouncycastle}
   */
  static List<Figure> of(String backend) {
    Figures all = new Figures(backend);
    all.addHeldTokens();
    all.addKnownKeys();
    all.addBearerTokens();
    all.addPeers();
    all.addDatalog();
    all.addThreads();
    all.addDelegation();
    all.figures.addAll(CountingFigures.of(backend));
    all.addCatalog();
    all.addHttp();
    all.addRevocation();
    all.addAudit();
    return List.copyOf(all.figures);
  }

  private void addHeldTokens() {
    addNewKey("new_key", "verification with a key that is new / V", backend);
    if (!backend.equals("bouncycastle")) {
      addNewKey("new_key_bouncycastle", "the same, Bouncy Castle", "bouncycastle");
    }
    add(
        "warm_proof_3",
        "ratio",
        atMost(1.10),
        "held chain of 3 blocks again with a new proof by a key that is not known / N",
        time(held(backend, 3, "known")).over(verification(backend)));
    add(
        "hop_warm_slope",
        "us",
        atMost(0.4),
        "extra time per block of a held chain of 1, 3, 8, 20 blocks that is known",
        slope(
            HELD_BLOCKS,
            HELD_BLOCKS.stream().map(blocks -> time(held(backend, blocks, "known"))).toList()));
  }

  /** Goals in N, one verification by the backend in use; N is by ACCP wherever that works. */
  private void addKnownKeys() {
    Quantity n = verification(backend);
    Cell known = Cell.of("SignatureBenchmark.verifyKnownKey", "backend", backend);
    add(
        "known_key",
        "ratio",
        atMost(0.6),
        "verification with a known key / N",
        time(known).over(n));
    add(
        "known_keys_4",
        "ratio",
        Goal.NONE,
        "the same, each of four together",
        time(Cell.of("SignatureBenchmark.verifyKnownKeys", "backend", backend)).over(n));
    Quantity warm = time(held(backend, 3, "known-by-known-keys"));
    add(
        "warm_call_3",
        "ratio",
        atMost(0.7),
        "held chain of 3 blocks again with a new proof by a known key / N",
        warm.over(n));
    add(
        "cold_known_3",
        "ratio",
        atMost(2.5),
        "held chain of 3 blocks + proof, never seen, all keys known / N",
        time(held(backend, 3, "new-by-known-keys")).over(n));
    for (int blocks : List.of(3, 8)) {
      addColdNew("cold_new_" + blocks, blocks, 1.1, "", backend);
      if (!backend.equals("bouncycastle")) {
        String name = "cold_new_" + blocks + "_bouncycastle";
        addColdNew(name, blocks, 1.5, ", Bouncy Castle", "bouncycastle");
      }
    }
    add(
        "calls_per_second",
        "calls/s",
        Goal.NONE,
        "such warm calls a second on one core",
        rate(held(backend, 3, "known-by-known-keys"), 1));
    add(
        "calls_gain",
        "ratio",
        atLeast(1.6),
        "such warm calls a second / the same where the key is not known",
        time(held(backend, 3, "known")).over(warm));
  }

  /** Its goal is a multiple of N for each signature: those of the blocks, and the proof's. */
  private void addColdNew(String name, int blocks, double each, String more, String by) {
    add(
        name,
        "ratio",
        atMost(each * (blocks + 1)),
        "held chain of "
            + blocks
            + " blocks + proof, never seen, only the root key known"
            + more
            + " / N",
        time(held(by, blocks, "new")).over(verification(backend)));
  }

  private void addNewKey(String name, String what, String by) {
    Cell newKey = Cell.of("SignatureBenchmark.verifyNewKey", "backend", by);
    add(name, "ratio", Goal.NONE, what, time(newKey).over(verification(by)));
  }

  private void addBearerTokens() {
    Cell warm = warm(backend);
    String cached = "bearer token with 3 attenuation blocks, known: verify and authorize";
    add("warm_bearer_3", "us", atMost(3), cached, time(warm));
    add("warm_bearer_3_bytes", "B", atMost(2048), cached, bytes(warm));
    Cell alone = authorization("taper-bouncycastle");
    String authorize = "the same token, verified before: authorize alone";
    add("authorize_3", "us", atMost(1.5), authorize, time(alone));
    add("authorize_3_bytes", "B", atMost(1024), authorize, bytes(alone));
    add(
        "cold_signatures_3",
        "ratio",
        atMost(5.2),
        "bearer token with 3 attenuation blocks, cold, ACCP / V",
        time(cold("taper-accp", 3)).over(verification("accp")));
  }

  private void addPeers() {
    Quantity biscuitJava = time(cold("biscuit-java", 3));
    add(
        "cold_vs_biscuit_java_3",
        "ratio",
        atLeast(2.7),
        "biscuit-java / Taper with Bouncy Castle, the same bearer token, cold",
        biscuitJava.over(time(cold("taper-bouncycastle", 3))));
    add(
        "cold_native_vs_biscuit_java_3",
        "ratio",
        atLeast(5),
        "biscuit-java / Taper with ACCP, likewise",
        biscuitJava.over(time(cold("taper-accp", 3))));
    add(
        "warm_vs_biscuit_java_3",
        "ratio",
        atLeast(200),
        "biscuit-java, cold / Taper, token known",
        biscuitJava.over(time(warm(backend))));
    add(
        "authorize_vs_biscuit_java_3",
        "ratio",
        atLeast(15),
        "biscuit-java / Taper, token verified before: authorize alone",
        time(authorization("biscuit-java")).over(time(authorization("taper-bouncycastle"))));
    add(
        "cold_vs_rust_3",
        "ratio",
        atLeast(1.4),
        "native Rust, as recorded in N / Taper with ACCP, bearer token with 3 attenuation blocks, cold",
        verification("accp").times(RUST_COLD_3).over(time(cold("taper-accp", 3))));
    add(
        "authorize_vs_rust_3",
        "ratio",
        atLeast(33),
        "native Rust, as recorded in N / Taper, token verified before: authorize alone",
        verification("accp")
            .times(RUST_AUTHORIZE_3)
            .over(time(authorization("taper-bouncycastle"))));
    for (int blocks : List.of(3, 7)) {
      add(
          "cold_vs_wasm_" + blocks,
          "ratio",
          atLeast(3),
          "biscuit-wasm / Taper with ACCP, bearer token with "
              + blocks
              + " attenuation blocks, cold",
          time(wasm(blocks)).over(time(cold("taper-accp", blocks))));
    }
  }

  private void addDatalog() {
    add(
        "closure_1000",
        "ratio",
        atLeast(10),
        "closure of a sparse graph of 1,000 edges, biscuit-java / Taper",
        time(closure("biscuit-java", "sparse", 1000)).over(time(closure("taper", "sparse", 1000))));
    addGrowth("closure_growth", 1, "sparse", "sparse graph");
    addGrowth("closure_growth_critical", 1.15, "critical", "graph with as many nodes as edges");
  }

  private void addGrowth(String name, double most, String shape, String what) {
    List<Graph> small = Graph.several(shape, 1000, ClosureBenchmark.GRAPHS);
    double fromOne = (double) Graph.of(shape, 5000).closureSize() / small.get(0).closureSize();
    double fromFive =
        (double) Graph.of(shape, 5000).closureSize()
            / small.stream().mapToInt(Graph::closureSize).sum();
    Quantity large = time(closure("taper", shape, 5000));
    add(
        name,
        "ratio",
        atMost(most),
        what + ": growth of the closure's time from 1,000 to 5,000 edges / growth of the output",
        large.over(time(closure("taper", shape, 1000)).times(fromOne)));
    add(
        name + "_from_five",
        "ratio",
        Goal.NONE,
        "the same from five such graphs of 1,000 edges in turn to one of 5,000",
        large.over(time(closures(shape, 1000)).times(fromFive)));
  }

  private void addThreads() {
    addScaling("scaling_2", atLeast(1.8), "held", "held chain of 3 blocks, known, with new proofs");
    addScaling("scaling_2_bearer", Goal.NONE, "bearer", "bearer token, known");
    addScaling("scaling_2_machine", Goal.NONE, "signature", "signatures alone, nothing shared");
  }

  private void addScaling(String name, Goal goal, String method, String what) {
    add(
        name,
        "ratio",
        goal,
        "work done by 2 threads / by 1: " + what,
        time(Cell.of("ContentionBenchmark." + method + "One", "backend", backend))
            .times(2)
            .over(time(Cell.of("ContentionBenchmark." + method + "Two", "backend", backend))));
  }

  private void addDelegation() {
    String what = "handing a held chain of 3 blocks on / one signature";
    add("add_hop", "ratio", atMost(1.3), what, addHop(backend));
    if (!backend.equals("bouncycastle")) {
      add(
          "add_hop_bouncycastle",
          "ratio",
          atMost(1.3),
          what + ", Bouncy Castle",
          addHop("bouncycastle"));
    }
  }

  private void addCatalog() {
    add(
        "catalog_overhead",
        "ratio",
        atMost(1.05),
        "a warm call of three blocks that a catalog gives its meaning, over one that the caller does",
        time(meant("decide", "tool")).over(time(meant("decide", "stated"))));
    add(
        "catalog_http",
        "ratio",
        Goal.NONE,
        "the same, from an HTTP request and its meaning on",
        time(meant("receive", "http")).over(time(meant("receive", "stated"))));
  }

  private void addHttp() {
    for (String server : List.of("jdk", "jetty")) {
      add(
          "http_overhead_" + server,
          "us",
          atMost(15),
          "a guarded call over loopback less one whose handler decides, in turn: "
              + (server.equals("jdk") ? "the JDK's server" : "Jetty"),
          time(Cell.of("HttpBenchmark.round", "backend", backend, "server", server)));
    }
  }

  private Cell meant(String method, String meaning) {
    return Cell.of("CatalogBenchmark." + method, "backend", backend, "meaning", meaning);
  }

  private static Quantity addHop(String backend) {
    return time(Cell.of("DelegationBenchmark.delegate", "backend", backend, "blocks", 3))
        .over(time(Cell.of("SignatureBenchmark.sign", "backend", backend)));
  }

  private void addRevocation() {
    String list = "revocation list of 10,000,000 entries: ";
    add(
        "revocation_lookup",
        "ns",
        atMost(200),
        list + "one look-up of what is in it",
        time(revocation("present")).times(1e3));
    add(
        "revocation_lookup_absent",
        "ns",
        atMost(200),
        list + "one look-up of what is not in it",
        time(revocation("absent")).times(1e3));
    add(
        "revocation_load_10m",
        "s",
        atMost(5),
        list + "loading its signed snapshot",
        time(revocation("load")).times(1e-6));
    add(
        "revocation_bytes",
        "B",
        atMost(24),
        list + "bytes allocated for an entry while loading",
        bytes(revocation("load")).times(1.0 / REVOKED));
    add(
        "revocation_delta_1000",
        "ms",
        atMost(10),
        list + "applying a signed delta of 1,000",
        time(revocation("delta")).times(1e-3));
  }

  private static Cell revocation(String method) {
    return Cell.of("RevocationBenchmark." + method, "entries", REVOKED);
  }

  private void addAudit() {
    String what = " records acknowledged a second, each behind an fsync: ";
    add(
        "audit_records_per_second",
        "records/s",
        atLeast(50_000),
        "audit" + what + AuditBenchmark.WAITING + " threads that wait for theirs",
        rate(audit("decided"), AuditBenchmark.WAITING));
    add(
        "audit_submits_per_second",
        "records/s",
        Goal.NONE,
        "audit" + what + AuditBenchmark.SUBMITTING + " threads that submit without waiting",
        rate(audit("submit"), AuditBenchmark.SUBMITTING));
  }

  private Cell audit(String method) {
    return Cell.of("AuditBenchmark." + method, "backend", backend);
  }

  private void add(String name, String unit, Goal goal, String what, Quantity quantity) {
    figures.add(new Figure(name, unit, goal, what, quantity));
  }

  private static Quantity verification(String backend) {
    return time(Plan.verification(backend));
  }

  static Cell held(String backend, int blocks, String tokens) {
    return Cell.of(
        "HeldTokenBenchmark.decide", "backend", backend, "blocks", blocks, "tokens", tokens);
  }

  static Cell cold(String peer, int blocks) {
    return Cell.of(
        "ColdTokenBenchmark.authorize", "authorizer", "prepared", "blocks", blocks, "peer", peer);
  }

  static Cell warm(String backend) {
    return Cell.of("WarmTokenBenchmark.authorize", "backend", backend, "blocks", 3);
  }

  static Cell authorization(String peer) {
    return Cell.of("AuthorizationBenchmark.authorize", "blocks", 3, "peer", peer);
  }

  static Cell wasm(int blocks) {
    return Cell.of(WasmPeer.BENCHMARK, "blocks", blocks);
  }

  static Cell closure(String peer, String shape, int edges) {
    return Cell.of("ClosureBenchmark.closure", "edges", edges, "peer", peer, "shape", shape);
  }

  private static Cell closures(String shape, int edges) {
    return Cell.of("ClosureBenchmark.closures", "edges", edges, "peer", "taper", "shape", shape);
  }
}
