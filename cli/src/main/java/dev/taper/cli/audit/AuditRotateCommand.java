package dev.taper.cli.audit;

import dev.taper.JsonFields;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSink;
import dev.taper.cli.io.AuditKeyOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.crypto.Signer;
import dev.taper.operations.key.KeyFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code taper audit rotate}. */
final class AuditRotateCommand extends JsonCommand {
  private final Value<String> log =
      parameter("0", "1", "LOG", "The audit log: the newest file of it.").requiredText();

  private final AuditKeyOptions key = part(new AuditKeyOptions());

  AuditRotateCommand(Console console) {
    super(
        console,
        "rotate",
        "Let an audit log go on in a new file: the old one gets its number behind its name, such as"
            + " audit.jsonl.000001.",
        "The old file's last record names the number of the new one, whose first record has the"
            + " hash of that: taper audit verify finds a file that is missing or swapped. Prints"
            + " the head of the log.");
  }

  @Override
  protected ExitCode run() {
    Path file = console.resolve(log.get());
    if (!Files.isRegularFile(file)) {
      throw CliException.io("there is no file " + log.get(), null);
    }
    Signer signer = key.reader(console).get();
    try (AuditLog open =
        AuditLog.on(AuditSink.inFiles(file, 1, console.clock()), signer)
            .clock(console.clock())
            .open()) {
      AuditRecord.Head head = open.checkpoint();
      if (json.given()) {
        printJson(new JsonFields().put("head", head));
      } else {
        print(head.toString());
      }
    } finally {
      KeyFile.wipe(signer);
    }
    return ExitCode.OK;
  }
}
