package dev.taper.datalog;

import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a block of a token.
 *
 * @param context free text for people and profiles, or null
 * @param scopes the default scopes of its rules and checks; empty for the default
 * @param facts its facts
 * @param rules its rules
 * @param checks its checks
 */
public record Block(
    @Nullable String context,
    List<Scope> scopes,
    List<Fact> facts,
    List<Rule> rules,
    List<Check> checks) {
  /** Copies the lists. */
  public Block {
    scopes = List.copyOf(scopes);
    facts = List.copyOf(facts);
    rules = List.copyOf(rules);
    checks = List.copyOf(checks);
  }

  /** Returns this block with another context. */
  public Block withContext(@Nullable String newContext) {
    return new Block(newContext, scopes, facts, rules, checks);
  }

  /** A new, empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts with what this block says. */
  public Builder toBuilder() {
    return builder().context(context).merge(this);
  }

  /** Returns the block as Datalog text, one element on each line, with its semicolon. */
  @Override
  public String toString() {
    return Printer.print(this);
  }

  /** Collects the parts of a block. Not thread-safe. */
  public static final class Builder {
    private @Nullable String context;
    private final List<Scope> scopes = new ArrayList<>();
    private final List<Fact> facts = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();

    private Builder() {}

    /** Sets the context. */
    public Builder context(@Nullable String newContext) {
      this.context = newContext;
      return this;
    }

    /** Adds a default scope. */
    public Builder scope(Scope scope) {
      scopes.add(scope);
      return this;
    }

    /** Adds a fact. */
    public Builder fact(Fact fact) {
      facts.add(fact);
      return this;
    }

    /** Adds a fact of the given name and terms. */
    public Builder fact(String name, Term... terms) {
      return fact(Fact.of(name, terms));
    }

    /** Adds a rule. */
    public Builder rule(Rule rule) {
      rules.add(rule);
      return this;
    }

    /** Adds a check. */
    public Builder check(Check check) {
      checks.add(check);
      return this;
    }

    /** Adds everything of another block except its context. */
    public Builder merge(Block other) {
      scopes.addAll(other.scopes());
      facts.addAll(other.facts());
      rules.addAll(other.rules());
      checks.addAll(other.checks());
      return this;
    }

    /** The block. */
    public Block build() {
      return new Block(context, scopes, facts, rules, checks);
    }
  }

  /**
   * A block as it was read from the wire.
   *
   * @param block what it says
   * @param version the Datalog version that it declares, 3 to 6 for v3.0 to v3.3
   * @param symbols the symbols that it declares
   * @param publicKeys the public keys that it declares
   * @param externalKey the key of the third party that signed it, or null for a first-party block
   */
  public record Decoded(
      Block block,
      int version,
      List<String> symbols,
      List<PublicKey> publicKeys,
      @Nullable PublicKey externalKey) {
    /** Copies the lists. */
    public Decoded {
      symbols = List.copyOf(symbols);
      publicKeys = List.copyOf(publicKeys);
    }
  }
}
