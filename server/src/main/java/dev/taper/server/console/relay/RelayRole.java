package dev.taper.server.console.relay;

import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import dev.taper.server.console.view.AsksView;
import dev.taper.server.console.view.OwnData;
import dev.taper.server.console.view.TrustFiles;
import dev.taper.server.console.view.View;
import dev.taper.server.console.view.Views;
import dev.taper.server.console.view.Webhook;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.FileReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The role that relays asks and data to the consoles on people's machines. It has no key of an
 * approver, and of nobody else; what it takes was signed elsewhere. Thread-safe.
 */
public final class RelayRole implements AutoCloseable {
  private final OwnData data;
  private final @Nullable Webhook webhook;
  private final Endpoint endpoint;

  private RelayRole(OwnData data, @Nullable Webhook webhook, Endpoint endpoint) {
    this.data = data;
    this.webhook = webhook;
    this.endpoint = endpoint;
  }

  /**
   * A revocation list whose age is shown.
   *
   * @param place where it is
   * @param keys who may have signed it
   */
  public record ShownList(Place place, List<PublicKey> keys) {
    /** Copies the list. */
    public ShownList {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Starts to relay.
   *
   * @param services whose asks, each with a catalog and a place for asks
   * @param list whose age is shown; or null
   * @throws OperationException or {@link TaperException} if something that is needed is wrong
   */
  public static RelayRole start(
      RelayOptions options,
      List<ConfiguredVerifier> services,
      @Nullable ShownList list,
      Workplace workplace) {
    RelaySecret secret = RelaySecret.in(Objects.requireNonNull(options.secretFile));
    OwnData data =
        new OwnData(
            new OwnData.Settings(
                workplace,
                services.stream().map(OwnData.Service::new).toList(),
                options.registry == null ? null : Place.database(options.registry),
                options.audit == null ? null : Place.written(options.audit),
                publicKeys(options.auditKeys),
                list == null ? null : list.place(),
                list == null ? List.of() : list.keys(),
                OwnData.Acting.NOTHING));
    Webhook webhook =
        options.webhookFile == null ? null : Webhook.in(options.webhookFile, workplace.clock());
    TrustFiles nobody = new TrustFiles(List.of(), null, List.of(), List::of, workplace.clock());
    List<View> views = new ArrayList<>();
    views.add(new AsksView(data.asks(), (ask, approval) -> {}));
    views.addAll(data.views(nobody, data.asks(), List.of(), webhook, "relay"));
    if (webhook != null) {
      webhook.watch(data.asks(), options.webhookLink);
    }
    return new RelayRole(data, webhook, new RelayEndpoint(new Views(views), secret));
  }

  private static List<PublicKey> publicKeys(List<Path> files) {
    List<PublicKey> keys = new ArrayList<>();
    for (Path file : files) {
      try {
        keys.add(KeyFile.publicKey(Files.readAllBytes(file), KeyFormat.AUTO, null));
      } catch (IOException e) {
        throw FileReason.unreadable(file, e);
      }
    }
    return keys;
  }

  /** What it answers. */
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    if (webhook != null) {
      webhook.close();
    }
    data.close();
  }
}
