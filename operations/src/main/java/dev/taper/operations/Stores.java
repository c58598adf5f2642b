package dev.taper.operations;

import dev.taper.agent.approval.Asks;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.store.Database;
import dev.taper.store.SqlAsks;
import dev.taper.store.SqlMemories;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier must not forget, at the places where it is kept: in folders, in databases that
 * several processes share, and in stores of servers that a {@link Provider} opens. A database is
 * opened, or made, at its first use, once for all that is kept in it. Closing closes the databases
 * and stores; what is asked then refuses. Thread-safe.
 */
public final class Stores implements AutoCloseable {
  private final Workplace workplace;
  private final Bounds bounds;
  private final Map<String, Database> databases = new HashMap<>(); // guarded by this
  private final Map<String, SqlMemories> memories = new HashMap<>(); // guarded by this
  private final Map<String, SharedStore> shared = new HashMap<>(); // guarded by this
  private boolean closed; // guarded by this

  /**
   * What verifiers accept, as shared stores have to know it.
   *
   * @param proofWindow the window of proofs
   * @param longestApproval how long an approval lasts at most
   */
  public record Bounds(AcceptedProofs.Window proofWindow, Duration longestApproval) {
    /** What a verifier accepts by default. */
    public static final Bounds DEFAULT =
        new Bounds(AcceptedProofs.Window.DEFAULT, Duration.ofHours(24));
  }

  /** Opens stores of one kind of server. It is found on the class path. */
  public interface Provider {
    /** True if an address is of its kind. */
    boolean takes(String address);

    /**
     * Opens a store.
     *
     * @param folder where relative files start
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if the address
     *     is none
     */
    SharedStore open(String address, Path folder, Bounds bounds, Clock clock);

    /**
     * Opens lists; nothing is asked yet.
     *
     * @param folder where relative files start
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if the address
     *     is none
     */
    Workplace.SharedLists lists(String address, Path folder);
  }

  /** A store that processes share. Thread-safe. */
  public interface SharedStore extends AutoCloseable {
    /** Remembers used proofs. */
    ReplayMemory replayMemory();

    /**
     * Counts the uses of approvals.
     *
     * @throws dev.taper.TaperException if it is known that the store might forget them
     */
    ApprovalUses approvalUses();

    /**
     * Counts budgets.
     *
     * @throws dev.taper.TaperException if it is known that the store might forget them
     */
    Budgets budgets();

    /** Why it cannot be used now; null if it can. */
    @Nullable String problem();

    /** When the certificate ends that the server last showed; null if it showed none. */
    default @Nullable Instant certificateEnds() {
      return null;
    }

    @Override
    void close();
  }

  /**
   * Opens nothing yet.
   *
   * @param workplace where relative paths start
   */
  public Stores(Workplace workplace) {
    this(workplace, Bounds.DEFAULT);
  }

  /**
   * Opens nothing yet.
   *
   * @param workplace where relative paths start
   * @param bounds what the verifier accepts
   */
  public Stores(Workplace workplace, Bounds bounds) {
    this.workplace = workplace;
    this.bounds = bounds;
  }

  /**
   * The places of stores of budgets, each written as {@code STORE=PLACE}.
   *
   * @throws OperationException {@code usage} if a text names no store and place, or a store is
   *     named twice
   */
  public static SortedMap<String, Place> budgetPlaces(Collection<String> written) {
    SortedMap<String, Place> places = new TreeMap<>();
    for (String text : written) {
      int end = text.indexOf('=');
      String store = text.substring(0, Math.max(0, end));
      if (store.isEmpty() || end == text.length() - 1 || !(Place.of(store) instanceof Place.File)) {
        throw OperationException.usage(
            "a store of budgets has a name and a place: acme=FOLDER, or acme=sqlite:FILE");
      }
      if (places.put(store, Place.remembered(text.substring(end + 1))) != null) {
        throw OperationException.usage("the store of budgets " + store + " is named twice");
      }
    }
    return places;
  }

  /**
   * Remembers used proofs.
   *
   * @param place a folder or a database
   * @throws OperationException {@code usage} if it is on the web
   */
  public ReplayMemory replayMemory(Place place) {
    return replayMemory(place, folder -> ReplayMemory.inFolder(workplace.resolve(folder)));
  }

  /**
   * Remembers used proofs, as {@link #replayMemory(Place)}.
   *
   * @param capacity the most proofs that a folder remembers, at least 1; a database has a bound of
   *     its own
   */
  public ReplayMemory replayMemory(Place place, int capacity) {
    return replayMemory(
        place, folder -> ReplayMemory.inFolder(workplace.resolve(folder), capacity));
  }

  private ReplayMemory replayMemory(Place place, Function<String, ReplayMemory> inFolder) {
    return kept(place, inFolder, this::inDatabase, SharedStore::replayMemory);
  }

  /**
   * Counts the uses of approvals.
   *
   * @param place a folder or a database
   * @throws OperationException {@code usage} if it is on the web
   */
  public ApprovalUses approvalUses(Place place) {
    return kept(
        place,
        folder -> ApprovalUses.inFolder(workplace.resolve(folder)),
        sql -> inDatabase(sql).approvalUses(),
        SharedStore::approvalUses);
  }

  /**
   * Counts budgets.
   *
   * @param place a folder or a database
   * @throws OperationException {@code usage} if it is on the web
   */
  public Budgets budgets(Place place) {
    return kept(
        place,
        folder -> Budgets.inFolder(workplace.resolve(folder)),
        sql -> inDatabase(sql).budgets(),
        SharedStore::budgets);
  }

  /**
   * Keeps asks for approvals.
   *
   * @param place a database
   * @throws OperationException {@code usage} if it is none
   */
  public Asks asks(Place place) {
    if (place instanceof Place.Sql sql) {
      return new SqlAsks(atFirstUse(sql));
    }
    throw OperationException.usage("asks are kept in a database, not in " + place.shown());
  }

  private <T> T kept(
      Place place,
      Function<String, T> folder,
      Function<Place.Sql, T> database,
      Function<SharedStore, T> store) {
    if (place instanceof Place.File file) {
      return folder.apply(file.name());
    }
    if (place instanceof Place.Sql sql) {
      return database.apply(sql);
    }
    if (place instanceof Place.Shared other) {
      return store.apply(shared(other));
    }
    throw OperationException.usage("a folder or a database is needed, not a URL: " + place.shown());
  }

  /** The memories of a database: what one call needs of them is taken in one step. */
  private synchronized SqlMemories inDatabase(Place.Sql place) {
    return memories.computeIfAbsent(
        place.address(), any -> new SqlMemories(atFirstUse(place), bounds.longestApproval()));
  }

  private synchronized Database atFirstUse(Place.Sql place) {
    if (closed) {
      throw OperationException.io("the stores are closed", null);
    }
    return databases.computeIfAbsent(
        place.address(), address -> Database.atFirstUse(address, workplace.folder()));
  }

  /**
   * Opens a database, or makes it, if it is not open yet. It belongs to this, and is closed with
   * it.
   *
   * @throws dev.taper.TaperException as {@link Database#open}
   * @throws OperationException {@code io} if this is closed
   */
  public Database database(Place.Sql place) {
    return atFirstUse(place).opened();
  }

  /**
   * Opens a store of a server, if it is not open yet. It belongs to this, and is closed with it.
   *
   * @throws OperationException {@code usage} if nothing on the class path opens it, {@code io} if
   *     this is closed
   */
  public synchronized SharedStore shared(Place.Shared place) {
    if (closed) {
      throw OperationException.io("the stores are closed", null);
    }
    SharedStore open = shared.get(place.address());
    if (open == null) {
      open = provider(place).open(place.address(), workplace.folder(), bounds, workplace.clock());
      shared.put(place.address(), open);
    }
    return open;
  }

  static Provider provider(Place.Shared place) {
    Provider provider = found(place);
    if (provider == null) {
      throw OperationException.usage(
          "only services can use " + place.shown() + ", with taper-valkey on their class path");
    }
    return provider;
  }

  private static @Nullable Provider found(Place.Shared place) {
    for (Provider provider : ServiceLoader.load(Provider.class, Stores.class.getClassLoader())) {
      if (provider.takes(place.address())) {
        return provider;
      }
    }
    return null;
  }

  /** True if something on the class path opens stores of this kind. */
  public static boolean opens(Place.Shared place) {
    return found(place) != null;
  }

  /** When the certificates end that servers of open stores showed. */
  public synchronized List<VerifierHealth.Ending> endings() {
    List<VerifierHealth.Ending> all = new ArrayList<>();
    shared.forEach(
        (address, store) ->
            all.addAll(
                VerifierHealth.Ending.ofPeer(
                    VerifierHealth.Ending.Kind.STORE,
                    new Place.Shared(address).shown(),
                    store.certificateEnds())));
    return all;
  }

  /** Closes the databases and the shared stores. */
  @Override
  public synchronized void close() {
    closed = true;
    shared.values().forEach(SharedStore::close);
    shared.clear();
    databases.values().forEach(Database::close);
    databases.clear();
  }
}
