package dev.taper.server.console;

import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.decision.DecisionListener.AuditFailure;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.asking.ServiceAsk;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.config.TaperConfig;
import dev.taper.server.console.relay.RelayClient;
import dev.taper.server.console.relay.RelayedAsks;
import dev.taper.server.console.relay.RelayedViews;
import dev.taper.server.console.view.AskItem;
import dev.taper.server.console.view.AskSource;
import dev.taper.server.console.view.AsksView;
import dev.taper.server.console.view.OwnData;
import dev.taper.server.console.view.SigningView;
import dev.taper.server.console.view.TrustFiles;
import dev.taper.server.console.view.View;
import dev.taper.server.console.view.Webhook;
import dev.taper.server.listener.CallerSecret;
import dev.taper.server.process.FileReason;
import dev.taper.server.process.KeySource;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.PolicyLibrary;
import dev.taper.server.process.Running;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a person's console shows and does, by its options. Thread-safe once it is made. */
final class ConsoleParts {

  private static final List<String> EVERYTHING =
      List.of("approvals", "living", "reviews", "timeline", "health");

  private final ConsoleOptions options;
  private final Workplace workplace;
  private final Running running;

  private final OwnData own;
  private final TrustFiles trust;
  private final @Nullable RelayClient relay;
  private final AskSource asks;
  private @Nullable Webhook webhook;

  /** One of its own: what was told of asks says nothing of findings. */
  private @Nullable Webhook findingsHook;

  /**
   * Opens what the options name.
   *
   * @param running closes it in the end
   * @param metrics counts decisions
   */
  ConsoleParts(ConsoleOptions options, Workplace workplace, Running running, Metrics metrics) {
    this.options = options;
    this.workplace = workplace;
    this.running = running;

    List<ConfiguredVerifier> services = services(metrics);
    this.own = running.closing(new OwnData(settings(services)));
    this.trust =
        new TrustFiles(
            trusted(),
            options.names == null ? null : file(options.names),
            publicKeys(options.namesKeys),
            () -> services.stream().map(OwnData::catalog).toList(),
            workplace.clock());
    var unused = trust.roots(); // what cannot be read is a mistake of whoever starts it
    var unusedNames = trust.names();
    Path secret = options.relaySecretFile;
    this.relay =
        options.relay == null
            ? null
            : RelayClient.at(options.relay, CallerSecret.in(file(Objects.requireNonNull(secret))));
    this.asks = relay == null ? own.asks() : new RelayedAsks(relay, trust::rootKeys);
  }

  private Path file(Path written) {
    return workplace.folder().resolve(written);
  }

  private List<ConfiguredVerifier> services(Metrics metrics) {
    List<ConfiguredVerifier> services = new ArrayList<>();
    for (Path config : options.configs) {
      ConfiguredVerifier verifier =
          running.closing(
              TaperConfig.load(file(config), workplace.clock())
                  .with(new PolicyLibrary())
                  .with(metrics, AuditFailure.ALLOW_AND_COUNT)
                  .open());
      if (verifier.verifier().catalog() == null || verifier.asks() == null) {
        throw OperationException.usage(
            config + " has no catalog, or no asks: say what calls mean and where asks are kept");
      }
      services.add(verifier);
    }
    return services;
  }

  private OwnData.Settings settings(List<ConfiguredVerifier> services) {
    return new OwnData.Settings(
        workplace,
        services,
        options.registry == null ? null : Place.database(options.registry),
        options.audit == null ? null : Place.written(options.audit),
        publicKeys(options.auditKeys),
        options.revocations == null ? null : Place.of(options.revocations),
        publicKeys(options.listKeys),
        new OwnData.Acting(signer(options.listKey), signer(options.auditKey), options.reviewer));
  }

  /** What opens a key, each time anew; null if there is none. */
  private @Nullable Supplier<Signer> signer(@Nullable String written) {
    if (written == null) {
      return null;
    }
    boolean isKept = KeySource.keeperName(written) != null;
    String place = isKept ? written : file(Path.of(written)).toString();
    Path passphrase = options.passphraseFile == null ? null : file(options.passphraseFile);
    return KeySource.oneOf(place, passphrase)::open;
  }

  private List<PublicKey> publicKeys(List<String> keys) {
    return keys.stream().map(key -> FileReason.publicKey(key, workplace.folder())).toList();
  }

  private TrustFiles.RootFiles trusted() {
    return TrustFiles.RootFiles.written(options.rootKeys, workplace);
  }

  /** All that answers the page. */
  List<View> views() {
    List<View> views = new ArrayList<>();
    views.add(trust);
    views.add(new AsksView(asks, (ask, approval) -> record(ask, Approval.decode(approval))));
    views.add(new SigningView(asks, signer(options.approver), workplace.clock()));
    if (options.webhookFile != null) {
      webhook = Webhook.in(file(options.webhookFile), workplace.clock());
      running.closing(webhook);
      findingsHook = Webhook.in(file(options.webhookFile), workplace.clock());
      running.closing(findingsHook);
    }
    if (relay != null) {
      views.add(new RelayedViews(relay, own.instance()));
    }
    views.addAll(own.views(trust, asks, webhook));
    return views;
  }

  /** Tells people from now on that something is asked. */
  void watch(String link) {
    if (webhook != null) {
      webhook.watch(asks, link);
    }
    if (findingsHook != null) {
      findingsHook.watch(own::found, link);
    }
  }

  /** What cannot be recorded does not happen; what the service would not take leaves no record. */
  private void record(AskItem ask, Approval approval) throws RefusedException {
    ApprovalRequest request = ApprovalRequest.decode(ask.status().request());
    if (!approval.isSigned() || !approval.statement().covers(request.call())) {
      throw new RefusedException(403, "approval_mismatch", null);
    }
    if (ask.status().state() == AskStatus.State.OPEN
        && !ask.status().approvals().contains(approval.encodeBase64())) {
      if (Boolean.FALSE.equals(ask.counts())) { // its key is no approver's
        throw new RefusedException(403, "approval_mismatch", null);
      }
      own.record(now -> ServiceAsk.approved(request, approval, now));
    }
  }

  /** What a session is about. */
  JsonFields session(Instant end) {
    JsonFields fields =
        new JsonFields()
            .put("ends_at", end.toEpochMilli())
            .put("now", workplace.clock().millis())
            .put("instance", own.instance())
            .put("mode", relay == null ? "own" : "relay")
            .putIfPresent("relay", relay)
            .put("pages", relay == null ? own.pages() : EVERYTHING)
            .put("can", can())
            .putIfPresent("reviewer", options.reviewer);
    return addKeeper(fields);
  }

  private List<String> can() {
    List<String> can = new ArrayList<>();
    if (relay != null || own.pages().contains("approvals")) {
      can.addAll(List.of("approve", "refuse"));
    }
    if (options.listKey != null) {
      can.add("revoke");
    }
    if (options.reviewer != null) {
      can.add("review");
    }
    return can;
  }

  /** A keeper that does not answer now may do so later. */
  private JsonFields addKeeper(JsonFields fields) {
    String name = options.approver == null ? null : KeySource.keeperName(options.approver);
    if (name == null) {
      return fields;
    }
    try {
      PublicKey key = KeySource.keeper().signer(name).publicKey();
      return fields.put("keeper", new JsonFields().put("name", name).put("key", key));
    } catch (OperationException | TaperException e) {
      return fields.put("keeper_missing", name);
    }
  }
}
