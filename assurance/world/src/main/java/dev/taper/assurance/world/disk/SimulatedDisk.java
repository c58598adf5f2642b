package dev.taper.assurance.world.disk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The disk of one machine, with one folder. It outlives the processes that use it ({@link
 * ProcessFiles}). For one thread at a time.
 */
public final class SimulatedDisk {
  /** What goes wrong of itself. */
  public interface Chances {
    /** True if a write is done by half, and the process dies over it. */
    boolean tears();

    /** True if the disk does not take what was written. Time may pass meanwhile. */
    boolean fails();

    /** A number from 0 to below the bound. */
    int below(int bound);
  }

  private final Chances chances;
  private final Map<String, DiskFile> names = new TreeMap<>();
  private final Map<String, DiskFile> safeNames = new TreeMap<>();
  private final List<Consumer<Map<String, DiskFile>>> unforced = new ArrayList<>();
  private boolean full;

  /**
   * An empty disk.
   *
   * @param chances what goes wrong of itself
   */
  public SimulatedDisk(Chances chances) {
    this.chances = chances;
  }

  /** Says whether there is no room for anything more. */
  public void setFull(boolean isFull) {
    full = isFull;
  }

  /** The power is gone, and is back. No process may be using the disk. */
  public void losePower() {
    Set<DiskFile> all = new HashSet<>();
    int kept = chances.below(unforced.size() + 1);
    unforced.subList(0, kept).forEach(change -> change.accept(safeNames));
    unforced.clear();
    names.clear();
    names.putAll(safeNames);
    for (DiskFile file : names.values()) {
      if (all.add(file)) {
        file.losePower(chances);
      }
    }
  }

  Chances chances() {
    return chances;
  }

  boolean isFull() {
    return full;
  }

  /** The file of a name; null if there is none. */
  @Nullable DiskFile find(String name) {
    return names.get(name);
  }

  Set<String> names() {
    return names.keySet();
  }

  DiskFile make(String name) {
    DiskFile made = new DiskFile();
    does(folder -> folder.put(name, made));
    return made;
  }

  void delete(String name) {
    does(folder -> folder.remove(name));
  }

  void move(String from, DiskFile file, String to) {
    does(
        folder -> {
          folder.remove(from);
          folder.put(to, file);
        });
  }

  private void does(Consumer<Map<String, DiskFile>> change) {
    change.accept(names);
    unforced.add(change);
  }

  /** Makes the names of the files safe. */
  void forceNames() {
    unforced.forEach(change -> change.accept(safeNames));
    unforced.clear();
  }
}
