package dev.taper.cli.token;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.delegation.Task;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditEvent;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Value;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.token.Token;
import dev.taper.token.Token.MintOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code taper mint}. */
public final class MintCommand extends DelegatingCommand {
  private static final long MAX_ROOT_KEY_ID = 0xffff_ffffL;

  private final Value<@Nullable String> file =
      parameter(
              "0",
              "0..1",
              "DATALOG_FILE",
              "File with the authority block's Datalog, or - for standard input.")
          .text();

  private final Value<@Nullable Long> rootKeyId =
      option(
              "--root-key-id",
              "N",
              "A hint, outside the signature, by which verifiers choose the root key.")
          .optional(Long.class);

  private final Value<@Nullable String> delegator =
      option(
              "--delegator",
              "NAME",
              "Whose authority it is, such as user:alice@acme.com; makes a delegation token.")
          .text();

  private final Value<@Nullable String> task =
      option("--task", "ID", "The task, such as T-4711.").text();

  private final Value<@Nullable String> purpose =
      option("--purpose", "TEXT", "What the task is for.").text();

  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final HolderOption holder = part(new HolderOption());
  private final TermsOptions terms = part(new TermsOptions());
  private final BlockOptions block = part(new BlockOptions());
  private final AuditOptions audit = part(new AuditOptions());

  /** Runs in the given console. */
  public MintCommand(Console console) {
    super(
        console,
        "mint",
        "Make a token: sign an authority block with a root key.",
        "Either a delegation token, for a holder to use and hand on (--delegator, --holder, --task,"
            + " --grant, --expires), or a plain one from Datalog.");
  }

  @Override
  protected ExitCode run() {
    if (!isDelegation()) {
      if (audit.isGiven()) {
        throw CliException.usage(
            "--audit records delegation tokens only: use --delegator and so on");
      }
      if (registry.isGiven()) {
        throw CliException.usage("a registry knows delegation tokens only: see --delegator");
      }
      block.check("a Datalog file", file.get());
      return plain(key.input(console));
    }
    new GivenOptions()
        .add("a Datalog file", file.get() != null)
        .add(block)
        .refuseWith("--delegator: a delegation token says what its own options say");
    check(key.optional(console) != null);
    return mint(names.read(console), registry.access(console));
  }

  private ExitCode mint(@Nullable NamesFile known, @Nullable RegistryAccess access) {
    KeyInput rootKey = key.input(console);
    AuditRecorder recorder = audit.recorder(console);
    Delegation granted = delegation();
    Integer keyId = rootKeyId.get() == null ? null : rootKeyId(rootKeyId.get());
    AgentToken token =
        keys.signing(
            rootKey,
            root -> {
              Issuer issuer = Issuer.of(root).clock(console.clock());
              AgentToken minted = (keyId == null ? issuer : issuer.keyId(keyId)).mint(granted);
              requireMeetable(minted, known);
              tell(access, minted, root.publicKey());
              recorder.record(now -> AuditEvent.minted(minted, now));
              return minted;
            });
    write(token);
    return ExitCode.OK;
  }

  private ExitCode plain(KeyInput rootKey) {
    MintOptions options =
        rootKeyId.addTo(MintOptions.DEFAULT, (all, id) -> all.withRootKeyId(rootKeyId(id)));
    Token token =
        keys.signing(
            rootKey, root -> Token.mint(root, block.read(console, inputs, file.get()), options));
    tokens.write(output, token::encode, token::encodeBase64);
    return ExitCode.OK;
  }

  /** The hint as the format has it: 32 bits without a sign. */
  private static int rootKeyId(long id) {
    if (id < 0 || id > MAX_ROOT_KEY_ID) {
      throw CliException.usage("a root key id is between 0 and " + MAX_ROOT_KEY_ID);
    }
    return (int) id;
  }

  private boolean isDelegation() {
    return !new GivenOptions().add(delegator, task, purpose).add(holder, terms).isEmpty();
  }

  private void check(boolean hasKey) {
    List<String> missing = new ArrayList<>();
    add(missing, delegator.get() == null, "--delegator NAME");
    add(missing, !holder.isGiven(), "--holder NAME=KEY");
    add(missing, task.get() == null, "--task ID");
    add(missing, !terms.hasGrant(), "--grant GRANT ('*' grants everything)");
    add(missing, terms.expires() == null, "--expires TIME (such as 1h, or never)");
    add(missing, !hasKey, "--key FILE");
    if (!missing.isEmpty()) {
      throw CliException.usage("a delegation token needs " + String.join(", ", missing) + " too");
    }
  }

  private static void add(List<String> missing, boolean isMissing, String option) {
    if (isMissing) {
      missing.add(option);
    }
  }

  private Delegation delegation() {
    Delegation delegation =
        Delegation.by(Objects.requireNonNull(delegator.get()))
            .to(holder.read(keys))
            .task(new Task(Objects.requireNonNull(task.get()), purpose.get()));
    if ("never".equals(terms.expires())) {
      delegation = delegation.withoutExpiry();
    }
    return terms.addTo(delegation, console.clock());
  }
}
