package dev.taper.cli.token;

import dev.taper.JsonFields;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.datalog.Block;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.List;

/** {@code taper diff}. */
public final class DiffCommand extends JsonCommand {
  private final Value<String> token =
      parameter("0", "1", "TOKEN", "File with the token, or -.").requiredText();

  private final Value<String> parent =
      parameter("1", "1", "PARENT", "File with the other token, or -.").requiredText();

  private final Flag raw = flag("--raw-input", "The tokens are raw bytes, not base64url text.");

  /** Runs in the given console. */
  public DiffCommand(Console console) {
    super(
        console,
        "diff",
        "Show what a token narrows of one that it was made from.",
        "Compares the blocks and verifies no signature. A token that does not descend from the other"
            + " one is an error (exit 3).");
  }

  @Override
  protected ExitCode run() {
    UnverifiedToken narrower =
        tokens.read(new EncodedInput(Source.ofFile(token.get()), raw.given()));
    UnverifiedToken wider = tokens.read(new EncodedInput(Source.ofFile(parent.get()), raw.given()));
    requireDescendant(narrower, wider);
    List<Block> blocks = narrower.blocks().stream().map(Block.Decoded::block).toList();
    EffectiveAuthority after = EffectiveAuthority.of(blocks);
    EffectiveAuthority before = EffectiveAuthority.of(blocks.subList(0, wider.blockCount()));
    List<Caveat> between = new ArrayList<>();
    blocks.subList(wider.blockCount(), blocks.size()).forEach(b -> between.addAll(Caveat.of(b)));
    List<AuthorityChange> changes = AuthorityChange.between(before, after, between);
    int added = narrower.blockCount() - wider.blockCount();
    return answer(
        () ->
            new JsonFields()
                .put("added_blocks", added)
                .rows("narrows", changes, ChainFields::change)
                .put("before", ChainFields.authority(before))
                .put("after", ChainFields.authority(after)),
        () -> print(added, changes));
  }

  private static void requireDescendant(UnverifiedToken token, UnverifiedToken parent) {
    int blocks = token.blockCount();
    int parents = parent.blockCount();
    if (parents > blocks) {
      throw stranger("it has " + Count.of(blocks, "block") + ", the other token has " + parents);
    }
    int shared = token.sharedBlocks(parent);
    if (shared < parents) {
      throw stranger("block " + shared + " is another one");
    }
  }

  private static CliException stranger(String why) {
    return new CliException(
        ExitCode.INVALID_TOKEN,
        "no_descendant",
        "the token was not made from the other one: " + why,
        null);
  }

  private void print(int added, List<AuthorityChange> changes) {
    Style style = Style.out(console);
    String blocks = Count.of(added, "block") + " more";
    if (changes.isEmpty()) {
      print(blocks + "; nothing is narrower");
      return;
    }
    print(blocks + "; narrower in");
    int width = 0;
    for (AuthorityChange change : changes) {
      width = Math.max(width, change.dimension().length());
    }
    for (AuthorityChange change : changes) {
      String label = SafeText.line(change.dimension());
      String pad = " ".repeat(Math.max(2, width + 2 - label.length()));
      print(
          "  "
              + style.dim(label + pad)
              + SafeText.line(change.before())
              + " → "
              + SafeText.line(change.after()));
    }
  }
}
