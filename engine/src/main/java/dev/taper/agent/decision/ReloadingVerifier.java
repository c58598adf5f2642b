package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.RepeatedTask;
import dev.taper.TaperException;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.agent.names.ApproverNames;
import dev.taper.agent.names.IssuerNames;
import dev.taper.agent.names.NamesFile;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.RootKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A verifier that works by files, and goes on with what they say when they change: root keys,
 * policies, directory, names of approvers, catalog. Nothing that was used is forgotten: each
 * verifier has the memories, cache and listeners of the one before. A file that cannot be read, or
 * makes no sense, changes nothing; {@link #health} says so, and since when the contents in use are.
 * Thread-safe.
 *
 * <p>Nothing looks at the files by itself. {@link #check} does, in the caller's thread; {@link
 * #checkEvery} starts a thread that does so again and again. Files must be replaced as a whole:
 * written beside and renamed. Half of a file of policies may make sense.
 */
public final class ReloadingVerifier implements AutoCloseable {
  /** Reads what a file says. */
  @FunctionalInterface
  public interface Reader<T> {
    /**
     * Reads a whole file.
     *
     * @param text its contents
     * @throws RuntimeException if they make no sense; the message is for the operator
     */
    T read(String text);
  }

  /** Collects files. Not thread-safe. */
  public static final class Builder {
    private final Verifier first;
    private final List<ReloadedFile<?>> files = new ArrayList<>();

    private Builder(Verifier first) {
      this.first = first;
    }

    /** Takes the root keys from a file. */
    public Builder rootKeys(Path file, Reader<? extends RootKeys> reader) {
      return add("the file of root keys", file, reader, VerifierRules::withRootKeys);
    }

    /** Takes the policies from a file. */
    public Builder policies(Path file, Reader<PolicySet> reader) {
      return add("the file of policies", file, reader, VerifierRules::withPolicies);
    }

    /** Takes the agent directory from a file. */
    public Builder directory(Path file, Reader<? extends AgentDirectory> reader) {
      return add("the agent directory", file, reader, VerifierRules::withDirectory);
    }

    /** Takes the names of approvers from a file. */
    public Builder approverNames(Path file, Reader<? extends ApproverNames> reader) {
      return add("the list of approvers' names", file, reader, VerifierRules::withApproverNames);
    }

    /**
     * Takes the names of issuers from a file. A new root key that is trusted before it has the name
     * of its issuer begins its budgets anew, so the file is to have it first.
     */
    public Builder issuerNames(Path file, Reader<? extends IssuerNames> reader) {
      return add("the names of issuers", file, reader, VerifierRules::withIssuerNames);
    }

    /**
     * Takes everybody's names from a file: the directory, issuers, approvers and groups. Approvers
     * count as with {@link VerifierBuilder#names}. No file is taken that is {@linkplain
     * NamesFile#notOlderThan older} than the one in use.
     */
    public Builder names(Path file, Reader<NamesFile> reader) {
      return names(file, reader, VerifierRules::withNames);
    }

    /**
     * Takes everybody's names from a file, as {@link #names}, but whoever can write the file
     * decides whose approvals count.
     */
    public Builder namesWithoutSignature(Path file, Reader<NamesFile> reader) {
      return names(
          file,
          reader,
          (rules, names) -> rules.withNames(names, names.approverNamesWithoutSignature()));
    }

    private Builder names(
        Path file,
        Reader<NamesFile> reader,
        BiFunction<VerifierRules, NamesFile, VerifierRules> change) {
      Given.that(reader, "what reads the file of names");
      AtomicReference<@Nullable NamesFile> inUse = new AtomicReference<>();
      return add(
          "the file of names",
          file,
          text -> {
            NamesFile known = inUse.get();
            NamesFile read = reader.read(text);
            return known == null ? read : read.notOlderThan(known);
          },
          (rules, names) -> {
            VerifierRules next = change.apply(rules, names);
            inUse.set(names);
            return next;
          });
    }

    /** Takes the catalog of tools from a file. */
    public Builder catalog(Path file, Reader<ToolCatalog> reader) {
      return add("the catalog of tools", file, reader, VerifierRules::withCatalog);
    }

    private <T> Builder add(
        String name,
        Path file,
        Reader<T> reader,
        BiFunction<VerifierRules, T, VerifierRules> change) {
      files.add(
          new ReloadedFile<>(
              name,
              Given.that(file, name),
              Given.that(reader, "what reads " + name),
              change,
              first.clock()));
      return this;
    }

    /**
     * Reads the files and builds the verifier.
     *
     * @throws TaperException why a file makes no sense, as its reader says it, or {@link
     *     ErrorCode#FILE_UNAVAILABLE} if it cannot be read
     */
    public ReloadingVerifier build() {
      Verifier verifier = first;
      for (ReloadedFile<?> file : files) {
        verifier = file.first(verifier);
      }
      return new ReloadingVerifier(verifier, files);
    }
  }

  private final List<ReloadedFile<?>> files; // guarded by this
  private final ClockWatch clock;
  private volatile Verifier verifier;
  private @Nullable RepeatedTask looking; // guarded by this

  private ReloadingVerifier(Verifier verifier, List<ReloadedFile<?>> files) {
    this.verifier = verifier;
    this.files = List.copyOf(files);
    this.clock = new ClockWatch(verifier.clock(), verifier::tick);
  }

  /**
   * Starts with a verifier, whose parts that come from files are replaced at once.
   *
   * @param verifier has everything else
   */
  public static Builder of(Verifier verifier) {
    return new Builder(Given.that(verifier, "the verifier"));
  }

  /**
   * The verifier as it is now. Take it once for each call: a call that one catalog made is not
   * decided by another.
   */
  public Verifier verifier() {
    return verifier;
  }

  /**
   * Looks at all files, and uses those that changed. If the clock has jumped since the last look,
   * the log says so.
   *
   * @return true if the verifier is another one than before
   */
  public synchronized boolean check() {
    var unused = clock.look();
    Verifier before = verifier;
    Verifier next = before;
    for (ReloadedFile<?> file : files) {
      next = file.next(next);
    }
    verifier = next;
    return next != before;
  }

  /**
   * Starts a daemon thread that looks at the files again and again, until {@link #close}.
   *
   * @param pause how long it waits after each look
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the pause is shorter than a
   *     millisecond, or one was started before
   */
  public synchronized void checkEvery(Duration pause) {
    if (Given.that(pause, "the pause between two looks").toMillis() < 1 || looking != null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          looking == null
              ? "the pause between two looks is a millisecond at least, not " + pause
              : "the files are looked at already");
    }
    FailureLog failures =
        FailureLog.of(ReloadingVerifier.class, "looking at files", verifier.clock());
    looking = RepeatedTask.startLater("taper-files", pause, failures, this::check);
  }

  /** The health of the verifier as it is now, and of the files. */
  public synchronized VerifierHealth health() {
    return verifier.health().with(files.stream().map(ReloadedFile::health).toList());
  }

  /** Stops looking at the files by itself. The verifier stays as it is. */
  @Override
  public synchronized void close() {
    if (looking != null) {
      looking.close();
    }
  }
}
