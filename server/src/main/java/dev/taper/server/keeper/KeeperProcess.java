package dev.taper.server.keeper;

import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.Times;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.server.listener.AdminPages;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.Listener;
import dev.taper.server.process.FileReason;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.Running;
import java.io.Console;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens what a keeper needs, in the order in which it is needed, and lets it run. */
final class KeeperProcess {
  private static final int MAX_SECRET = 4096;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final KeeperOptions options;
  private final Map<String, String> environment;
  private final @Nullable Console terminal;
  private final Clock clock;
  private final Metrics metrics = new Metrics();

  /**
   * Prepares a keeper.
   *
   * @param terminal where its user is; null for nowhere
   */
  KeeperProcess(
      KeeperOptions options,
      Map<String, String> environment,
      @Nullable Console terminal,
      Clock clock) {
    this.options = options;
    this.environment = environment;
    this.terminal = terminal;
    this.clock = clock;
  }

  /**
   * Starts the keeper; what it opened is closed with the process.
   *
   * @return the line that says that it is ready
   * @throws OperationException if it cannot be started
   */
  String start(Running running) throws InterruptedException {
    check();
    try {
      Path home = home();
      Path path =
          options.socket == null
              ? KeeperClient.socket(environment, home)
              : KeeperClient.socket(options.socket);
      AtomicBoolean ready = new AtomicBoolean();
      admin(running, ready);
      SocketFile socket = running.closing(SocketFile.claim(path));
      KeyRing keys = keys(running, home);
      running.<AutoCloseable>closing(keys::close);
      unlock(keys);
      Keeper keeper = keeper(keys, home);
      running.closing(KeeperServer.start(socket, keeper, metrics));
      ready.set(true);
      return "taper keeper: ready at " + path + (keys.isLocked() ? ", locked" : "");
    } catch (KeeperRefusal e) {
      throw new OperationException(
          e.status() >= 500 ? OperationException.Kind.IO : OperationException.Kind.USAGE,
          e.code(),
          e.detail(),
          e);
    }
  }

  private void check() {
    if (options.inMemory && (options.store != null || isPassphraseGiven() || options.locked)) {
      throw OperationException.usage(
          "--in-memory stores nothing: it goes without --store, --locked and a passphrase");
    }
    if (options.passphraseFile != null && options.passphraseVariable != null) {
      throw OperationException.usage("--passphrase-file and --passphrase-env exclude each other");
    }
    if (options.locked && isPassphraseGiven()) {
      throw OperationException.usage("--locked contradicts a passphrase");
    }
    if (options.pkcs11 == null && (options.slot != null || options.pinFile != null)) {
      throw OperationException.usage("--pkcs11-slot and --pin-file go with --pkcs11");
    }
    if (options.names == null && (options.namesOnly || !options.namesKeys.isEmpty())) {
      throw OperationException.usage("--names-only and --names-key go with --names");
    }
  }

  private boolean isPassphraseGiven() {
    return options.passphraseFile != null || options.passphraseVariable != null;
  }

  private void admin(Running running, AtomicBoolean ready) {
    metrics.ready("keeper", ready::get);
    if (options.admin != null) {
      ListenAddress address = ListenAddress.parse(options.admin);
      if (!address.isLoopback()) {
        throw OperationException.usage("--admin of a keeper is on this machine alone");
      }
      running.closing(
          Listener.start(
              address,
              null,
              new AdminPages(metrics, running, () -> starting(ready.get()), List::of)));
    }
  }

  private static List<VerifierHealth.Reason> starting(boolean isReady) {
    return isReady
        ? List.of()
        : List.of(new VerifierHealth.Reason("starting", "the keeper has not come up yet"));
  }

  private KeyRing keys(Running running, Path home) {
    Pkcs11Device device =
        options.pkcs11 == null
            ? null
            : Pkcs11Device.find(options.pkcs11.toAbsolutePath(), options.slot, clock);
    if (options.inMemory) {
      return new KeyRing(null, device, clock);
    }
    Path store = store(home);
    OwnFolder.make(store);
    running.closing(
        OwnFolder.lock(
            store.resolve("lock"),
            "store_in_use",
            "a keeper uses the folder " + store + " already"));
    return new KeyRing(EntryFolder.open(store.resolve("keys")), device, clock);
  }

  /** Where clients look for the socket, too. */
  private Path home() {
    String named = environment.getOrDefault("HOME", "");
    return Path.of(named.startsWith("/") ? named : System.getProperty("user.home"));
  }

  private Path store(Path home) {
    return options.store == null
        ? home.resolve(".taper").resolve("keeper")
        : options.store.toAbsolutePath();
  }

  private Keeper keeper(KeyRing keys, Path home) {
    EntryFolder files = options.inMemory ? null : EntryFolder.open(store(home).resolve("tokens"));
    Duration lifetime = options.lifetime == null ? null : Times.parseDuration(options.lifetime);
    Confirmation confirmation = confirmation();
    if (options.confirm && confirmation == null) {
      throw OperationException.usage(
          "--confirm needs somebody to ask: start the keeper at a terminal, or give --askpass");
    }
    return new Keeper(
        keys,
        new TokenShelf(files, clock),
        new KeeperNames(names()),
        new KeyUse(
            keys, confirmation == null ? Confirmation.ofNobody() : confirmation, options.confirm),
        new Keeper.Rules(lifetime, options.namesOnly),
        clock);
  }

  private @Nullable ConfirmationProgram askProgram() {
    if (options.askpass != null) {
      return new ConfirmationProgram(options.askpass);
    }
    for (String variable : new String[] {"TAPER_ASKPASS", "SSH_ASKPASS"}) {
      String program = environment.getOrDefault(variable, "");
      if (!program.isEmpty()) {
        return new ConfirmationProgram(Path.of(program));
      }
    }
    return null;
  }

  /** Who is asked; null if there is nobody. */
  private @Nullable Confirmation confirmation() {
    ConfirmationProgram program = askProgram();
    if (program != null) {
      return new Confirmation(program, Confirmation.PATIENCE);
    }
    return terminal == null
        ? null
        : new Confirmation(
            new TerminalQuestions(terminal.reader(), terminal.writer()), Confirmation.PATIENCE);
  }

  private @Nullable Supplier<NamesFile> names() {
    Path file = options.names;
    if (file == null) {
      return null;
    }
    PublicKey[] trusted =
        options.namesKeys.stream()
            .map(key -> FileReason.publicKey(key, Path.of("")))
            .toArray(PublicKey[]::new);
    Supplier<NamesFile> names =
        trusted.length == 0
            ? () -> NamesFile.load(file)
            : () -> NamesFile.loadSigned(file, trusted);
    NamesFile unused = names.get(); // what is wrong with it is said at the start
    return names;
  }

  private void unlock(KeyRing keys) throws InterruptedException {
    char[] passphrase = options.inMemory || options.locked ? null : passphrase(keys);
    char[] pin = options.pinFile == null ? null : firstLine(options.pinFile);
    try {
      if (passphrase != null || pin != null) {
        keys.unlock(passphrase, pin);
      }
    } finally {
      Keeper.wipe(passphrase);
      Keeper.wipe(pin);
    }
  }

  private char @Nullable [] passphrase(KeyRing keys) throws InterruptedException {
    if (options.passphraseFile != null) {
      return firstLine(options.passphraseFile);
    }
    if (options.passphraseVariable != null) {
      String value = environment.getOrDefault(options.passphraseVariable, "");
      if (value.isEmpty()) {
        throw OperationException.usage(
            "the environment variable " + options.passphraseVariable + " is not set");
      }
      return value.toCharArray();
    }
    boolean isNew = keys.list().isEmpty();
    if (terminal != null) {
      return typed(terminal, isNew);
    }
    ConfirmationProgram program = askProgram();
    return program == null
        ? null
        : program.secret(
            isNew ? "A new passphrase for the keeper's keys" : "The keeper's passphrase", PATIENCE);
  }

  private static char[] typed(Console terminal, boolean isNew) {
    char[] first =
        terminal.readPassword(
            isNew ? "A new passphrase for the keeper's keys: " : "The keeper's passphrase: ");
    if (first == null || first.length == 0) {
      throw OperationException.usage("no passphrase was typed; --locked does without");
    }
    if (isNew) {
      char[] again = terminal.readPassword("The same again: ");
      if (!Arrays.equals(first, again)) {
        throw OperationException.usage("two passphrases were typed");
      }
      Keeper.wipe(again);
    }
    return first;
  }

  /**
   * The terminal from which this process was started; null if there is none. The launcher tells
   * newer JVMs, which give a console in any case, to give none then.
   */
  @SuppressWarnings("SystemConsoleNull")
  static @Nullable Console terminal() {
    return System.console();
  }

  /** The first line of a file that only its owner can read. */
  static char[] firstLine(Path file) {
    byte[] bytes = FileReason.secret(file, MAX_SECRET);
    char[] all = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes)).array();
    int end = 0;
    while (end < all.length && all[end] != '\n' && all[end] != '\r' && all[end] != '\0') {
      end++;
    }
    char[] line = Arrays.copyOf(all, end);
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(all, '\0');
    if (line.length == 0) {
      throw OperationException.usage("the first line of " + file + " is empty");
    }
    return line;
  }
}
