package dev.taper.cli.call;

import dev.taper.cli.io.Outputs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder with an empty file for each thing that was used. To make a file that must not exist is
 * atomic, so only one of two processes gets to use the thing.
 */
final class UseFolder {
  private final Path folder;
  private final Pattern name;
  private final long ended;

  /**
   * Uses a folder, which is made when it is needed.
   *
   * @param folder the folder
   * @param name how its files are named; the first group is the number when one may go
   * @param ended the greatest number of those that may go now
   */
  UseFolder(Path folder, Pattern name, long ended) {
    this.folder = folder;
    this.name = name;
    this.ended = ended;
  }

  /** Makes the folder, removes what may go, and tells how many files are left. */
  int prepare() throws IOException {
    Outputs.privateFolder(folder);
    int left = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Matcher found = name.matcher(file.getFileName().toString());
        if (found.matches()) {
          if (Long.parseLong(found.group(1)) <= ended) {
            Files.deleteIfExists(file);
          } else {
            left++;
          }
        }
      }
    }
    return left;
  }

  /** Notes a use; false if it was noted before. */
  boolean add(String file) throws IOException {
    try {
      Files.createFile(folder.resolve(file));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Forgets a use. */
  void remove(String file) throws IOException {
    Files.deleteIfExists(folder.resolve(file));
  }
}
