package dev.taper.operations.config;

import dev.taper.Given;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.authorizer.PolicySet;
import dev.taper.operations.OperationException;
import dev.taper.operations.OperationException.Kind;
import dev.taper.operations.Workplace;
import dev.taper.operations.doctor.Checkup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service's configuration: its name, whom it trusts, what calls mean, what it must not forget and
 * what it records. One strict file, in YAML or properties, or the same names and values from
 * elsewhere. An unknown name, a value that makes no sense, a secret: each is an error with its
 * place, so that nothing is forgotten silently. Relative paths start from the file's folder.
 * Immutable and thread-safe.
 *
 * <p>Reading looks at no other file. {@link #open} does, and makes a verifier; {@link #check} looks
 * and changes nothing; {@link #explain} says what everything means.
 */
public final class TaperConfig {
  /** Policies that are named without a file. */
  public interface Library {
    /** The names that are no files. */
    Collection<String> names();

    /** The policy of one of these names. */
    PolicySet.Part part(String name);
  }

  private final String label;
  private final Settings settings;
  private final Workplace workplace;
  private final @Nullable Library library;
  private final List<ConfigOpening.Told> listeners;
  private final FileGuard guard;

  private TaperConfig(
      String label,
      Settings settings,
      Workplace workplace,
      @Nullable Library library,
      List<ConfigOpening.Told> listeners,
      FileGuard guard) {
    this.guard = guard;
    this.label = label;
    this.settings = settings;
    this.workplace = workplace;
    this.library = library;
    this.listeners = listeners;
  }

  private TaperConfig(String label, Settings settings, Workplace workplace, FileGuard guard) {
    this(label, settings, workplace, null, List.of(), guard);
  }

  /**
   * Reads a file: YAML if its name ends with {@code .yaml} or {@code .yml}, properties if with
   * {@code .properties}.
   *
   * @param file its path; where the paths that it names start
   * @param clock what time it is for everything
   * @throws OperationException {@code invalid_config} with the place of what is wrong, {@code
   *     config_exposed} if somebody else than its owner can change the file, {@code io} if it
   *     cannot be read
   */
  public static TaperConfig load(Path file, Clock clock) {
    Located at = Located.of(file);
    String text = ConfigFiles.text(at.file(), file.toString());
    FileGuard guard = guard(at.file(), at.label());
    return new TaperConfig(
        at.label(),
        SettingsReader.read(parse(at.label(), text)),
        new Workplace(at.folder(), clock),
        guard);
  }

  /** Where a file is, and what messages call it. */
  record Located(Path file, Path folder, String label) {
    static Located of(Path file) {
      Path absolute = file.toAbsolutePath();
      Path folder = absolute.getParent();
      Path name = absolute.getFileName();
      if (folder == null || name == null) {
        throw OperationException.usage("not a file: " + Setting.shown(file.toString()));
      }
      return new Located(absolute, folder, Setting.shown(name.toString()));
    }
  }

  /**
   * Reads a file's text.
   *
   * @param label the file's name, whose end says what it is; also its name in messages
   * @param text its contents
   * @param workplace where relative paths start, and what time it is
   * @throws OperationException {@code invalid_config} with the place of what is wrong
   */
  public static TaperConfig parse(String label, String text, Workplace workplace) {
    return new TaperConfig(
        label, SettingsReader.read(parse(label, text)), workplace, FileGuard.ofThisProcess());
  }

  /**
   * Takes settings that were read elsewhere, such as those below {@code taper} in a framework's own
   * configuration: names with dots as in properties, without that beginning.
   *
   * @throws OperationException {@code invalid_config} with the name of what is wrong
   */
  public static TaperConfig of(Map<String, String> settings, Workplace workplace) {
    String label = "configuration";
    return new TaperConfig(
        label,
        SettingsReader.read(ConfigProperties.of(label, settings)),
        workplace,
        FileGuard.ofThisProcess());
  }

  static Setting.Group parse(String label, String text) {
    String name = label.toLowerCase(Locale.ROOT);
    if (name.endsWith(".properties")) {
      return ConfigProperties.read(label, text);
    }
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return yaml(label, text);
    }
    throw Setting.wrong(label, "a configuration's name ends with .yaml, .yml or .properties");
  }

  /** Reads YAML. Its library is the service's to add, so it may be absent. */
  private static Setting.Group yaml(String label, String text) {
    try {
      return ConfigYaml.read(label, text);
    } catch (NoClassDefFoundError e) {
      throw Setting.wrong(
          label,
          "YAML is read by org.snakeyaml:snakeyaml-engine, which is not there: add it to the class"
              + " path, or write the configuration as .properties");
    }
  }

  /**
   * Refuses a file that somebody else than its owner can change: whoever does decides whom the
   * service trusts.
   *
   * @return the guard of the files that it names, which its owner may change, too
   */
  private static FileGuard guard(Path file, String label) {
    try {
      FileGuard guard = FileGuard.ofThisProcess().trustingOwnerOf(file);
      String exposure = guard.exposure(file);
      if (exposure != null) {
        throw new OperationException(Kind.USAGE, "config_exposed", label + ": " + exposure, null);
      }
      return guard;
    } catch (IOException e) {
      throw OperationException.io("cannot look at " + label + ": " + e.getMessage(), e);
    }
  }

  /**
   * Refuses a file of a front end's own that somebody else than its owner can change or replace, as
   * {@link #load} does: whoever does decides as much as whoever writes the configuration.
   *
   * @param file its path
   * @throws OperationException {@code config_exposed}; {@code io} if it cannot be looked at
   */
  public static void requireOwn(Path file) {
    var unused = guard(file.toAbsolutePath(), Setting.shown(file.toString()));
  }

  /** Returns the same configuration, with policies that it can name without a file. */
  public TaperConfig with(Library newLibrary) {
    return new TaperConfig(label, settings, workplace, newLibrary, listeners, guard);
  }

  /**
   * Returns the same configuration with one more listener, which is told of every decision after
   * the audit log. What it cannot take note of is denied.
   */
  public TaperConfig with(DecisionListener listener) {
    return with(listener, DecisionListener.AuditFailure.DENY);
  }

  /**
   * Returns the same configuration with one more listener, as {@link #with(DecisionListener)}.
   *
   * @param onFailure what becomes of a call that it could not take note of
   */
  public TaperConfig with(DecisionListener listener, DecisionListener.AuditFailure onFailure) {
    List<ConfigOpening.Told> more = new ArrayList<>(listeners);
    more.add(
        new ConfigOpening.Told(
            Given.that(listener, "the listener"),
            Given.that(onFailure, "what becomes of a call that was not recorded")));
    return new TaperConfig(label, settings, workplace, library, List.copyOf(more), guard);
  }

  /** The service's own name. */
  public String audience() {
    return settings.audience();
  }

  /** What a guarded server of MCP gets from its clients. */
  public ClientAccess client() {
    return settings.client();
  }

  /** What each setting means here, the defaults too, in the order of the documentation. */
  public List<ExplainedSetting> explain() {
    return new ConfigWords(settings).explain();
  }

  /**
   * Looks at everything that the configuration names, and says what is right and what is not. It
   * makes and changes nothing.
   *
   * @param checkup takes what is found
   */
  public void check(Checkup checkup) {
    new ConfigProbes(settings, workplace, files(true)).look(checkup, HeapNeed.ofThisProcess());
  }

  /**
   * Looks as {@link #check(Checkup)} does, for another process that is to serve.
   *
   * @param checkup takes what is found
   * @param heap the bytes of that process's heap
   */
  public void check(Checkup checkup, long heap) {
    new ConfigProbes(settings, workplace, files(true)).look(checkup, HeapNeed.of(heap));
  }

  /**
   * What an operator should know before this process serves, and what is no mistake: memories that
   * replicas do not share, a heap that is hardly enough. A line for each; empty if there is
   * nothing.
   *
   * @param services all that this process is to serve
   * @throws OperationException {@code heap_too_small} if the heap cannot hold what they may keep
   */
  public static List<String> beforeStart(List<TaperConfig> services) {
    HeapNeed heap = HeapNeed.ofThisProcess();
    List<String> lines = new ArrayList<>();
    for (TaperConfig service : services) {
      heap.add(service.settings, service.files(false));
      String alone = NotShared.words(service.settings);
      if (alone != null) {
        lines.add(alone);
      }
    }
    heap.require();
    String tight = heap.warning();
    if (tight != null) {
      lines.add(tight);
    }
    return lines;
  }

  /**
   * Makes the verifier, with everything that it stands on: opens the audit log and the stores,
   * fetches the revocation list, reads the files, and looks at them again and again. If anything of
   * that fails, all is closed again. A list that cannot be fetched is no failure: every call is
   * refused until there is one.
   *
   * @return to be closed by the caller
   * @throws dev.taper.TaperException what is wrong with a file, key, log or store; {@code
   *     file_exposed} if somebody else could change one of them
   * @throws OperationException {@code io} if a file cannot be read, {@code invalid_config} if the
   *     catalog and the configuration contradict each other, {@code heap_too_small} if the heap
   *     cannot hold what the service may keep
   */
  public ConfiguredVerifier open() {
    HeapNeed.ofThisProcess().add(settings, files(false)).require();
    return ConfigOpening.open(settings, workplace, files(false), listeners);
  }

  private ConfigFiles files(boolean looking) {
    return new ConfigFiles(settings, workplace, library, guard, looking);
  }

  /** The file's name, and whose configuration it is. */
  @Override
  public String toString() {
    return "TaperConfig(" + label + ", " + settings.audience() + ")";
  }
}
