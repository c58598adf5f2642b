package dev.taper.cli;

import dev.taper.cli.output.Style;
import picocli.CommandLine;
import picocli.CommandLine.IHelpSectionRenderer;

/**
 * The help of the program itself, word for word: to lay it out anew takes longer than most
 * commands.
 *
 * @param style how it is printed
 */
record RootHelp(Style style) implements IHelpSectionRenderer {
  private static final String TEXT =
      """
      Usage: taper [-hV] [--debug] [--profile NAME] [--config FILE] [COMMAND]
      Makes, narrows, inspects and authorizes capability tokens (Biscuit v3).

      Tokens, keys and Datalog come from files, from standard input (-) or from environment variables
      (TAPER_TOKEN, TAPER_PRIVATE_KEY); no secret needs to stand on a command line.
            --config FILE   The configuration that has the profiles.
                            Default: $TAPER_CONFIG, else ~/.config/taper/config.yaml.
            --debug         Print the stack trace of a failure.
        -h, --help          Print this help.
            --no-profile    Take no profile, whatever $TAPER_PROFILE says.
            --profile NAME  Take the values of options from this profile, such as --registry.
        -V, --version       Print the version.
      Commands:
        keygen       Make a key pair, or convert an existing private key.
        names        Who is who: files of agents, approvers, groups and issuers with their keys.
        enrol        Make an agent's key known to an issuer, once.
        login        Get a first token for an agent: sign in by the browser, and have an issuer exchange
                       that.
        mint         Make a token: sign an authority block with a root key.
        attenuate    Append a block to a token, offline and without the root key; it can only narrow.
        delegate     Hand a delegation token on, offline and without the root key; it can only narrow.
        prove        Prove a call: sign, as the holder of a token, that this call is one's own.
        justify      Say, as the holder of a token, why it uses tools that are granted only then.
        escalate     Ask for the approval of a call, as its holder or as the service that refused it.
        approve      Approve a call that a holder or a service asks for.
        seal         Seal a token, so that nobody can append to it.
        inspect      Show what a token says; with a root key, verify its signatures first.
        diff         Show what a token narrows of one that it was made from.
        authorize    Verify a token and decide a request by its checks and your policies.
        revoke       Revoke authority: append to the signed list that services look at for every call.
        revocations  Signed lists of what is revoked.
        offboard     End all that rests on a person who leaves: show it, then revoke it in one signed
                       list.
        task         Tasks, which authority is granted for.
        query        Verify a token, evaluate it with your policies and print the facts that a rule
                       derives.
        policy       A service's policies: test, check, format, explain and suggest them.
        catalog      A service's catalog of tools: draft, check and show it.
        third-party  Blocks that somebody else signs.
        snapshot     Saved authorizations; they carry no signatures.
        audit        Read audit logs.
        findings     Whose calls a service holds back for what it noticed, and letting them go.
        registry     What was granted and what of it is used, from a database that other commands (and
                       services) fill: those with --registry.
        review       Certify or revoke what a registry knows to be living.
        rotate       Replace a key: of an issuer, a holder or an audit log.
        config       Configurations: check and explain a service's, show what a profile gives options.
        doctor       Look at keys, clock, revocation list, stores, names and catalog, and say what is
                       wrong.
        conformance  Run test cases in the format of the Biscuit project's samples.json.
        demo         Mint, attenuate, verify and authorize, offline, in a few seconds.
        completion   Print a completion script.
        help         Print the help of a command.
      Commands that run beside agents and services, until they are stopped:
        mcp          Guard any server of MCP, draft its catalog, connect any agent to it.
        keeper       Keep agents' keys and tokens, and use them for your own processes.
        serve        Decide for services in any language, serve lists, keep asks.
        console      Answer asks, and show what is granted and done, in a browser on this machine.

      Exit codes:
        0    done, or allowed
        1    denied; also an evaluation that failed or reached a limit, told apart by its code
        2    the command line is wrong, or a key is not one
        3    the token, request, third-party block or snapshot is malformed or forged
        4    Datalog text is wrong
        5    a file, stream or database cannot be read or written
        6    nothing of what was named is there; an empty list is a result (0)
        70   a defect in taper

      Start here:
        taper demo                              the whole story in a few seconds, offline
        taper demo --mcp                        two agents on Node.js share a guarded server of files
        taper demo --company                    people sign in, consent and approve in browsers
        taper demo --fleet                      two verifiers share a store that is killed
        taper keygen --out root.key             a root key pair
        taper mint --key root.key --delegator NAME --holder NAME=KEY --task ID --grant GRANT ...
        taper delegate TOKEN --key holder.key --holder NAME=KEY --grant GRANT
        taper inspect TOKEN                     what a token says
        taper prove TOKEN --key holder.key --request FILE --audience SERVICE
        taper authorize TOKEN --public-key root.pub --request FILE --audience SERVICE --proof FILE
            --revocations FILE --revocation-key revoker.pub
        taper revoke task ID --revocations FILE --key revoker.key
      """;

  /** The text; on a terminal, what stands before a gap in a line is stressed. */
  @Override
  public String render(CommandLine.Help unused) {
    if (!style.on()) {
      return TEXT;
    }
    StringBuilder text = new StringBuilder();
    for (String line : TEXT.split("\n", -1)) {
      int start = 0;
      while (start < line.length() && line.charAt(start) == ' ') {
        start++;
      }
      int gap = line.indexOf("  ", start);
      String first = gap < 0 ? "" : line.substring(start, gap);
      text.append(line, 0, start)
          .append(first.startsWith("-") ? style.warn(first) : style.bold(first))
          .append(line, start + first.length(), line.length())
          .append('\n');
    }
    return text.substring(0, text.length() - 1);
  }
}
