package dev.taper.cli.service;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Source;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The file that a revocation list is kept in: a snapshot, and the deltas appended to it.
 *
 * @param bytes all of it
 * @param latest the header of the last list in it; null if there is no file yet
 * @param headers all headers
 * @param entries what all lists in it revoke, the oldest first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RevocationFile(
    byte[] bytes,
    @Nullable RevocationHeader latest,
    List<RevocationHeader> headers,
    List<RevocationEntry> entries) {

  /**
   * Reads lists.
   *
   * @throws dev.taper.TaperException if they are not lists signed by one of the keys
   */
  static RevocationFile parse(byte[] bytes, Collection<PublicKey> issuers) {
    List<RevocationHeader> headers = new ArrayList<>();
    List<RevocationEntry> entries = new ArrayList<>();
    RevocationHeader latest = null;
    try {
      RevocationReader reader = RevocationReader.of(new ByteArrayInputStream(bytes), issuers);
      for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
        if (!next.delta()) {
          entries.clear();
        }
        entries.addAll(reader.entries());
        headers.add(next);
        latest = next;
      }
    } catch (IOException e) {
      throw CliException.io("cannot read the revocation list: " + e.getMessage(), e);
    }
    return new RevocationFile(bytes, latest, headers, entries);
  }

  /**
   * Replaces a file by what is made of it, while no other command does the same; a missing one
   * counts as empty.
   *
   * @param change makes the next list behind the last one
   * @return the number of the next list
   * @throws CliException if it cannot be read or written
   */
  static long update(
      Console console, String name, PublicKey issuer, Function<RevocationFile, byte[]> change) {
    Path file = console.resolve(name);
    Path lock = console.resolve(name + ".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      if (!held.isValid()) {
        throw CliException.io("cannot lock " + Source.shown(name), null);
      }
      RevocationFile before =
          Files.exists(file)
              ? parse(Files.readAllBytes(file), List.of(issuer))
              : new RevocationFile(new byte[0], null, List.of(), List.of());
      new Outputs(console).file(name, change.apply(before), false, true);
      return before.sequence() + 1;
    } catch (IOException e) {
      throw CliException.io("cannot update " + Source.shown(name) + ": " + e.getMessage(), e);
    }
  }

  /** The number of the last list; 0 if there is none. */
  long sequence() {
    return latest == null ? 0 : latest.sequence();
  }
}
