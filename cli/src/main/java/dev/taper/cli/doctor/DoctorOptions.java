package dev.taper.cli.doctor;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CatalogOption;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.io.Value;
import dev.taper.operations.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to look at. */
final class DoctorOptions extends Arguments {
  final Value<@Nullable String> config =
      option("--config", "FILE", "A service's configuration: all that it names is looked at.")
          .text();

  final Value<@Nullable String> admin =
      option("--admin", "URL", "A running service's pages of health: what it says of itself.")
          .text();

  final Value<@Nullable String> token =
      option("--token", "FILE", "A delegation token. Default: the variable TAPER_TOKEN, if set.")
          .text();

  final Value<@Nullable String> audience =
      option("--audience", "SERVICE", "The service's own name, such as svc:jira.").text();

  final Value<List<String>> policies =
      option("--policy", "FILE|NAME", "Policies of the service; several add up in order.").texts();

  final Value<@Nullable String> audit =
      option("--audit", "LOG", "The audit log: a file, or a database: " + Place.DATABASE + ".")
          .text();

  final Value<@Nullable String> replayMemory =
      option("--replay-memory", "FOLDER", "Where used proofs and approvals are remembered.").text();

  final Value<@Nullable String> approvalUses =
      option("--approval-uses", "DB", "Where single-use approvals are remembered.").text();

  final Value<List<String>> budgets =
      option("--budgets", "STORE=PLACE", "Where budgets are counted: a folder, or a database.")
          .texts();

  final PublicKeyInput root = part(new PublicKeyInput());
  final PrivateKeyInput key = part(new PrivateKeyInput());
  final RevocationListOptions revocations = part(new RevocationListOptions());
  final RegistryOption registry = part(new RegistryOption());
  final CatalogOption catalog = part(new CatalogOption());
  final NamesOption names = part(new NamesOption());
}
