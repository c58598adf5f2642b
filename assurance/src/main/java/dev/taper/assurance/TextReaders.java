package dev.taper.assurance;

import static dev.taper.assurance.Laws.read;
import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.ErrorCode.Category;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Grants;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Dialect;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.policies.format.PolicyFormat;
import dev.taper.policies.lint.PolicyLint;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.List;
import java.util.Optional;

/** Readers of text that people write. */
final class TextReaders {
  private static final int LONGEST_TEXT = 256;

  private TextReaders() {}

  static boolean block(byte[] input) {
    Optional<Block> block = read(() -> Datalog.block(utf8(input)), Category.LANGUAGE);
    block.ifPresent(
        read -> {
          same("a printed block reads the same", read, Datalog.block(read.toString()));
          Optional<Token> token =
              read(() -> Token.mint(Keys.ROOT, read), Category.LANGUAGE, Category.FORMAT);
          token.ifPresent(made -> same("a minted block reads the same", read, minted(made)));
        });
    return block.isPresent();
  }

  private static Block minted(Token token) {
    return UnverifiedToken.decode(token.encode()).blocks().get(0).block();
  }

  static boolean authorizer(byte[] input) {
    Optional<AuthorizerCode> code = read(() -> Datalog.authorizer(utf8(input)), Category.LANGUAGE);
    code.ifPresent(
        read -> same("printed code reads the same", read, Datalog.authorizer(read.toString())));
    return code.isPresent();
  }

  static boolean grant(byte[] input) {
    Optional<Grants> grants = read(() -> Grants.parse(utf8(input)), Category.LANGUAGE);
    grants.ifPresent(
        read -> {
          same("a printed grant reads the same", read, Grants.parse(read.toString()));
          same("a grant's check is that grant", read, Caveat.of(read.check()));
          if (read.alternatives().stream().allMatch(grant -> grant.intersect(grant) != null)) {
            same(
                "what a call can fit is not wider than itself",
                List.of(),
                read.comparedTo(read).wider());
          }
        });
    return grants.isPresent();
  }

  /** A text without an id gets a new one, so only what is printed reads the same. */
  static boolean budget(byte[] input) {
    Optional<Budget> budget =
        read(() -> Budget.parse(utf8(input)), Category.LANGUAGE, Category.USAGE);
    budget.ifPresent(
        read -> {
          same("a printed budget reads the same", read, Budget.parse(read.toString()));
          Block block = Block.builder().fact(read.fact()).check(read.check()).build();
          same("a budget's fact is that budget", List.of(read), Budget.of(block));
          same(
              "a budget that counts a tool counts it by a pattern",
              read.counts("fuzz.it"),
              read.tools().contains("*")
                  || read.tools().contains("fuzz.*")
                  || read.tools().contains("fuzz.it"));
        });
    return budget.isPresent();
  }

  static boolean regex(byte[] input) {
    String pattern = utf8(input);
    boolean valid = Dialect.isValid(pattern);
    same("validity is repeatable", valid, Dialect.isValid(pattern));
    if (valid) {
      same("warnings are repeatable", Dialect.differences(pattern), Dialect.differences(pattern));
      searched(pattern);
    }
    return valid;
  }

  /** A pattern is used again and again, and answers as one that is used once. */
  private static void searched(String pattern) {
    PolicySet kept = asking(pattern);
    for (String text : List.of("", "user:alice", pattern.substring(0, pattern.length() / 2))) {
      same(
          "an answer does not depend on those before",
          matches(asking(pattern), text),
          matches(kept, text));
    }
  }

  private static PolicySet asking(String pattern) {
    return PolicySet.of(
        Datalog.authorizer("allow if text($text), $text.matches(" + new Term.Str(pattern) + ");"));
  }

  private static Decision.Code matches(PolicySet asking, String text) {
    String searched = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    return asking.authorizer().fact("text", new Term.Str(searched)).authorize().code();
  }

  static boolean policyFormat(byte[] input) {
    String source = utf8(input);
    Optional<String> laid = read(() -> PolicyFormat.format(source), Category.LANGUAGE);
    laid.ifPresent(
        text -> {
          same("a layout is final", text, PolicyFormat.format(text));
          same("a layout means the same", Datalog.authorizer(source), Datalog.authorizer(text));
          Object findings = PolicyLint.check(text);
          same("findings are repeatable", findings, PolicyLint.check(text));
        });
    return laid.isPresent();
  }
}
