package dev.taper.server.console.relay;

import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.server.console.people.Act;
import dev.taper.server.console.people.PeopleHost;
import dev.taper.server.console.people.PeopleRecords;
import dev.taper.server.console.people.SignedInPeople;
import dev.taper.server.console.view.AsksView;
import dev.taper.server.console.view.OwnData;
import dev.taper.server.console.view.TrustFiles;
import dev.taper.server.console.view.View;
import dev.taper.server.console.view.Views;
import dev.taper.server.console.view.Webhook;
import dev.taper.server.listener.CallerSecret;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.FileReason;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The role that relays asks and data to the consoles on people's machines, and shows them to people
 * who sign in. It has no key of an approver: approvals that it takes were signed elsewhere.
 * Thread-safe.
 */
public final class RelayRole implements AutoCloseable {

  private final OwnData data;
  private final @Nullable Webhook webhook;
  private final List<Endpoint> endpoints;

  private RelayRole(OwnData data, @Nullable Webhook webhook, List<Endpoint> endpoints) {
    this.data = data;
    this.webhook = webhook;
    this.endpoints = List.copyOf(endpoints);
  }

  /**
   * Starts to relay.
   *
   * @param services whose asks, each with a catalog and a place for asks
   * @param list the revocation list whose age is shown; or null
   * @param listKeys who may have signed it
   * @param people who sign in; null if nobody does
   * @throws OperationException or {@link TaperException} if something that is needed is wrong
   */
  public static RelayRole start(
      RelayOptions options,
      List<ConfiguredVerifier> services,
      @Nullable Place list,
      List<PublicKey> listKeys,
      @Nullable SignedInPeople people,
      Workplace workplace) {
    Path secretFile = options.secretFile;
    CallerSecret secret = secretFile == null ? null : CallerSecret.allIn(secretFile);

    OwnData data =
        new OwnData(
            new OwnData.Settings(
                workplace,
                services,
                options.registry == null ? null : Place.database(options.registry),
                options.audit == null ? null : Place.written(options.audit),
                options.auditKeys.stream().map(FileReason::publicKey).toList(),
                list,
                listKeys,
                new OwnData.Acting(
                    options.people.listSigner(), options.people.auditSigner(), null)));
    Webhook webhook =
        options.webhookFile == null ? null : Webhook.in(options.webhookFile, workplace.clock());
    List<Endpoint> endpoints = new ArrayList<>();
    TrustFiles trust = trust(options, services, people != null, workplace.clock());
    List<View> shown = data.views(trust, data.asks(), webhook);
    if (secret != null) {
      List<View> views = new ArrayList<>(List.of(new AsksView(data.asks(), (ask, approval) -> {})));
      views.addAll(shown);
      endpoints.add(new RelayEndpoint(new Views(views), secret));
    }
    if (people != null) {
      List<View> views = new ArrayList<>(List.of(trust));
      views.add(new AsksView(data.asks(), new PeopleRecords(data)));
      views.addAll(shown);
      endpoints.add(people.signIn());
      endpoints.add(
          new PeopleHost(
              people,
              new Views(views),
              new PeopleHost.Shown(data.pages(), offered(options), data.instance(), secret != null),
              workplace.clock()));
    }
    if (webhook != null) {
      webhook.watch(data.asks(), options.webhookLink);
    }
    return new RelayRole(data, webhook, endpoints);
  }

  /** Pages for people read who asks; consoles do not ask this machine whom to believe. */
  private static TrustFiles trust(
      RelayOptions options, List<ConfiguredVerifier> services, boolean isForPeople, Clock clock) {
    if (!isForPeople) {
      return new TrustFiles(TrustFiles.RootFiles.NONE, null, List.of(), List::of, clock);
    }
    return options.people.trust(() -> services.stream().map(OwnData::catalog).toList(), clock);
  }

  /** What can be done by people whose names are recorded. */
  private static Set<Act> offered(RelayOptions options) {
    Set<Act> offered = EnumSet.noneOf(Act.class);
    if (options.people.isActing()) {
      offered.add(Act.REFUSE);
      if (options.registry != null) {
        offered.add(Act.REVIEW);
      }
      if (options.people.isRevoking()) {
        offered.add(Act.REVOKE);
      }
    }
    return offered;
  }

  /** What it answers. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  @Override
  public void close() {
    if (webhook != null) {
      webhook.close();
    }
    data.close();
  }
}
