package dev.taper.server.serve;

import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.config.Times;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.server.console.relay.RelayOptions;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.process.FileReason;
import dev.taper.server.process.KeySource;
import dev.taper.server.serve.lists.ListSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is the process's own: its roles, and what they need beside a configuration. */
final class ServeOptions {
  private static final Set<String> MODES = Set.of("600", "660");

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      split = ",",
      converter = Role.Reader.class,
      description =
          "What to do: decide, lists, asks, console, issuer, audit; several are possible. Default:"
              + " decide.")
  List<Role> roles = new ArrayList<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration of the service that decides; of each service whose asks are kept.")
  List<Path> configs = new ArrayList<>();

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description =
          "Answers only services and proxies that send this file's first line in Taper-Secret.")
  @Nullable Path secretFile;

  @Option(
      names = "--socket-mode",
      paramLabel = "MODE",
      description = "Who may use a Unix domain socket: 600 its owner (default), 660 its group too.")
  @Nullable String socketMode;

  @Option(
      names = "--envoy",
      paramLabel = "HOST:PORT",
      description = "Where Envoy is answered, over gRPC.")
  @Nullable String envoy;

  @Option(
      names = "--authzen-url",
      paramLabel = "URL",
      description =
          "How AuthZEN's clients dial this process, https://HOST[:PORT]; publishes its metadata.")
  @Nullable String authzenUrl;

  @Option(
      names = "--behind-proxy",
      description =
          "For asks: a proxy overwrites Taper-Original-Scheme, and says in it how clients dial.")
  boolean isBehindProxy;

  @Option(
      names = "--revocations",
      paramLabel = "LIST",
      description = "The revocation list to serve: a file or a database.")
  @Nullable String revocations;

  @Option(
      names = "--revocation-public-key",
      paramLabel = "KEY",
      split = "\n",
      hideParamSyntax = true,
      description = "Who may have signed it, a key's text or file; may be repeated.")
  List<String> issuers = new ArrayList<>();

  @Option(
      names = "--revocation-key",
      paramLabel = "FILE",
      description =
          "The key that signs the list anew when half of its time is over; or keeper:NAME for one"
              + " that a keeper has.")
  @Nullable String revocationKey;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "File whose first line opens an encrypted PEM file of --revocation-key.")
  @Nullable Path passphraseFile;

  @Option(
      names = "--passphrase-env",
      paramLabel = "NAME",
      description = "Environment variable whose value opens it.")
  @Nullable String passphraseVariable;

  @Option(
      names = "--next-update",
      paramLabel = "DURATION",
      description = "How long a list that is signed here is good; default: as long as the last.")
  @Nullable String nextUpdate;

  @Option(
      names = "--publish",
      paramLabel = "ADDRESS",
      description =
          "For lists: publishes each list there, too, where services hear of it at once;"
              + " valkey://HOST?name=NAME.")
  @Nullable String publish;

  @Option(
      names = "--audit",
      paramLabel = "LOG",
      description =
          "For lists: leaves a record of each list that is signed, and of what lapses; a file or a"
              + " database.")
  @Nullable String audit;

  @Option(
      names = "--audit-key",
      paramLabel = "FILE",
      description = "The key that signs that log; or keeper:NAME.")
  @Nullable String auditKey;

  @Mixin final RelayOptions console = new RelayOptions();

  @Option(
      names = "--root-keys",
      paramLabel = "FILE",
      description = "The file of root keys to serve.")
  @Nullable Path rootKeys;

  @Option(
      names = "--issuer",
      paramLabel = "FILE",
      description =
          "What the issuer gives, to whom, in YAML; its --config has root-keys, revocations, audit"
              + " and registry.")
  @Nullable Path issuer;

  @Option(
      names = "--audit-url",
      paramLabel = "URL",
      description =
          "How holders dial the role audit, https://HOST[:PORT]; its --config has audit, and the"
              + " audience of their proofs.")
  @Nullable String auditUrl;

  @Option(
      names = "--look-every",
      paramLabel = "DURATION",
      description = "The time between two looks at what is served; default: 1s.")
  String lookEvery = "1s";

  @Mixin final PeopleOptions people = new PeopleOptions();

  /** The roles; the one that decides if none is named. */
  Set<Role> chosen() {
    return roles.isEmpty() ? EnumSet.of(Role.DECIDE) : EnumSet.copyOf(roles);
  }

  /**
   * Where Envoy is answered; null for nowhere.
   *
   * @throws OperationException {@code usage} if it is open to other machines: gRPC has no TLS here
   */
  @Nullable ListenAddress envoyAddress() {
    if (envoy == null) {
      return null;
    }
    ListenAddress address = ListenAddress.parse(envoy);
    if (!address.isLoopback()) {
      throw OperationException.usage("--envoy is a port of this machine: Envoy stands beside it");
    }
    return address;
  }

  /**
   * Refuses options that belong to other roles: who gives them expects something of them.
   *
   * @throws OperationException {@code usage}
   */
  void requireFitting(Set<Role> chosen) {
    boolean isDeciding = chosen.contains(Role.DECIDE);
    boolean isListing = chosen.contains(Role.LISTS);
    boolean isAsking = chosen.contains(Role.ASKS);
    boolean isRelaying = chosen.contains(Role.CONSOLE);
    boolean isForPeople = isRelaying && people.signIn != null;
    console.requireFitting(isRelaying, isForPeople, revocations != null);
    boolean isIssuing = chosen.contains(Role.ISSUER);
    require(
        isIssuing || !people.isForAgents(),
        "--enrolments, --workloads and --publish-names belong to the role issuer");
    require(
        isIssuing || isRelaying || people.signIn == null,
        "--sign-in belongs to the roles issuer and console");
    require(isIssuing == (issuer != null), "the role issuer and --issuer go together");
    require(
        !isIssuing || !(isDeciding || isAsking || isRelaying),
        "an issuer decides about no service's calls: it has a process of its own");
    require(!isIssuing || configs.size() == 1, "the role issuer has one --config");
    boolean isRecording = chosen.contains(Role.AUDIT);
    require(isRecording == (auditUrl != null), "the role audit and --audit-url go together");
    require(
        !isRecording || !(isDeciding || isAsking || isRelaying || isIssuing),
        "whoever keeps the log of agents' statements decides and issues nothing: the role audit has"
            + " a process of its own");
    require(!isRecording || configs.size() == 1, "the role audit has one --config");
    require(isDeciding || secretFile == null, "--secret-file belongs to the role decide");
    require(isDeciding || envoy == null, "--envoy belongs to the role decide");
    require(isDeciding || authzenUrl == null, "--authzen-url belongs to the role decide");
    require(isAsking || !isBehindProxy, "--behind-proxy belongs to the role asks");
    require(
        isListing || (rootKeys == null && revocationKey == null),
        "--revocation-key and --root-keys belong to the role lists");
    require(
        isListing || isRelaying || revocations == null,
        "--revocations belongs to the roles lists and console");
    require(
        isDeciding || isAsking || isRelaying || isIssuing || isRecording || configs.isEmpty(),
        "--config belongs to the roles decide, asks, console, issuer and audit");
    require(!(isDeciding || isAsking || isRelaying) || !configs.isEmpty(), "--config is missing");
    require(
        !isDeciding || configs.size() == 1,
        "the role decide has one --config: another service has a process of its own");
    requireFittingList(isListing);
  }

  private void requireFittingList(boolean isListing) {
    require(
        !isListing || revocations != null || rootKeys != null,
        "the role lists needs --revocations or --root-keys");
    require(
        revocations != null || (revocationKey == null && issuers.isEmpty()),
        "the keys of a list need --revocations");
    require(
        publish == null || (isListing && revocations != null),
        "--publish publishes the --revocations of the role lists");
    require((audit == null) == (auditKey == null), "--audit and --audit-key go together");
    require(
        audit == null || revocationKey != null,
        "--audit records what is signed here: it needs --revocation-key");
    require(
        revocationKey != null || (passphraseFile == null && passphraseVariable == null),
        "--passphrase-file and --passphrase-env open a --revocation-key");
    require(
        revocations == null
            || revocationKey != null
            || (!isListing && console.people.isRevoking())
            || !issuers.isEmpty(),
        "--revocations needs --revocation-public-key, or --revocation-key");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw OperationException.usage(otherwise);
    }
  }

  /**
   * What the role of lists serves.
   *
   * @throws OperationException if a key's file cannot be read, or an option makes no sense
   */
  ListSettings lists(Workplace workplace) {
    List<PublicKey> keys = new ArrayList<>(issuers());
    KeySource key =
        revocationKey == null
            ? null
            : new KeySource(revocationKey, passphraseFile, passphraseVariable, false);
    if (key != null) {
      keys.add(own(key));
    }
    Duration next = nextUpdate == null ? null : Times.parseDuration(nextUpdate);
    return new ListSettings(
        revocations == null ? null : Place.written(revocations),
        keys,
        key == null ? null : key::open,
        new RevocationIssuer.Horizon(next, next),
        recorder(workplace),
        published(workplace),
        rootKeys,
        Times.parseDuration(lookEvery));
  }

  private @Nullable Supplier<Workplace.SharedLists> published(Workplace workplace) {
    if (publish == null) {
      return null;
    }
    Place.Shared place = Place.shared(publish);
    return () -> workplace.lists(place);
  }

  private AuditRecorder recorder(Workplace workplace) {
    if (audit == null || auditKey == null) {
      return AuditRecorder.none();
    }
    KeySource key = new KeySource(auditKey, null, null, false);
    PublicKey unused = own(key); // a wrong key is a mistake of whoever starts this
    return AuditRecorder.in(workplace, Place.written(audit), key::open);
  }

  /** The list whose age consoles show; null if there is none. */
  @Nullable Place shownList() {
    if (revocations == null) {
      return null;
    }
    return console.people.isRevoking() ? Place.written(revocations) : Place.of(revocations);
  }

  /** Who may have signed it. */
  List<PublicKey> issuers() {
    return issuers.stream().map(key -> FileReason.publicKey(key, Path.of(""))).toList();
  }

  private static PublicKey own(KeySource source) {
    Signer key = source.open();
    try {
      return key.publicKey();
    } finally {
      KeyFile.wipe(key);
    }
  }

  /**
   * True if whoever uses a Unix domain socket may be another of its group.
   *
   * @throws OperationException {@code usage} if there is no such socket, or no such mode
   */
  boolean isForGroup(ListenAddress address) {
    if (socketMode != null && (!address.isUnix() || !MODES.contains(socketMode))) {
      throw OperationException.usage("--socket-mode is 600 or 660, of a Unix domain socket");
    }
    return "660".equals(socketMode);
  }
}
