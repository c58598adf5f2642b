package dev.taper.agent.names;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.grant.Activation;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who is who: the names of agents, approvers and issuers, with their keys, and the groups that
 * approvers are in. A key has one name. Immutable and thread-safe.
 *
 * <p>As a file it is JSON, of at most {@link #MAX_BYTES} bytes:
 *
 * <pre>{@code
 * {"format": "taper/1 names", "number": 7,
 *  "agents": {"agent:planner": ["ed25519/..."]},
 *  "approvers": {"user:boss@acme.com": ["ed25519/...", "secp256r1/..."]},
 *  "groups": {"finance": ["user:boss@acme.com"]},
 *  "issuers": {"issuer:acme": ["ed25519/..."]}}
 * }</pre>
 *
 * <p>Every section may be missing. A signed file has a number, and {@code signer} and {@code
 * signature} beside the rest. Whoever can write the file decides whose approvals count, so a
 * service that takes approvals should read a signed one, by a key that it does not have itself.
 */
public final class NamesFile {
  /** The longest file, in bytes of UTF-8: some 300,000 names of one key each. */
  public static final int MAX_BYTES = 1 << 25;

  /** What the member {@code format} says. */
  static final String FORMAT = "taper/1 names";

  private final SortedMap<String, Set<PublicKey>> agents;
  private final SortedMap<String, Set<PublicKey>> approvers;
  private final SortedMap<String, Set<String>> groups;
  private final SortedMap<String, Set<PublicKey>> issuers;
  private final Map<PublicKey, String> names;
  private final OptionalLong number;
  private final boolean signed;
  private final @Nullable PublicKey signer;

  private NamesFile(Builder from) {
    this.agents = copy(from.agents);
    this.approvers = copy(from.approvers);
    this.groups = copy(from.groups);
    this.issuers = copy(from.issuers);
    this.names = Map.copyOf(from.names);
    this.number = from.number;
    this.signed = false;
    this.signer = null;
  }

  private NamesFile(
      NamesFile from, OptionalLong number, boolean signed, @Nullable PublicKey signer) {
    this.agents = from.agents;
    this.approvers = from.approvers;
    this.groups = from.groups;
    this.issuers = from.issuers;
    this.names = from.names;
    this.number = number;
    this.signed = signed;
    this.signer = signer;
  }

  private static <E> SortedMap<String, Set<E>> copy(Map<String, Set<E>> from) {
    SortedMap<String, Set<E>> copy = new TreeMap<>();
    from.forEach( // mostly there is one value, and a set for more takes 200 bytes
        (name, values) ->
            copy.put(
                name,
                values.size() == 1
                    ? Set.copyOf(values)
                    : Collections.unmodifiableSet(new LinkedHashSet<>(values))));
    return Collections.unmodifiableSortedMap(copy);
  }

  /**
   * Reads a file's text. If it is signed, nobody looks at the signature: whoever wrote the text is
   * believed.
   *
   * @throws TaperException {@link ErrorCode#INVALID_NAMES} with its place, if it is not of the form
   *     above, has an unusable key or name, a key with two names, or a group with a member who is
   *     no approver
   */
  public static NamesFile parse(String json) {
    NamesText text = NamesText.read(json);
    return new NamesFile(text.names(), text.names().number, text.isSigned(), null);
  }

  /**
   * Reads a file's text that a trusted key has signed.
   *
   * @param json the text
   * @param trusted whose signatures count
   * @throws TaperException {@link ErrorCode#INVALID_NAMES} as {@link #parse}, or if it is not
   *     signed, or not by one of these keys
   */
  @CheckReturnValue
  public static NamesFile parseSigned(String json, PublicKey... trusted) {
    NamesText text = NamesText.read(json);
    return new NamesFile(text.names(), text.names().number, true, text.signer(List.of(trusted)));
  }

  /**
   * Reads a file, as {@link #parse}.
   *
   * @throws TaperException {@link ErrorCode#FILE_UNAVAILABLE} if it cannot be read; {@link
   *     ErrorCode#INVALID_NAMES}
   */
  public static NamesFile load(Path file) {
    return parse(NamesText.load(file));
  }

  /**
   * Reads a file that a trusted key has signed, as {@link #parseSigned}.
   *
   * @throws TaperException {@link ErrorCode#FILE_UNAVAILABLE} if it cannot be read; {@link
   *     ErrorCode#INVALID_NAMES}
   */
  @CheckReturnValue
  public static NamesFile loadSigned(Path file, PublicKey... trusted) {
    return parseSigned(NamesText.load(file), trusted);
  }

  /** Starts an empty file. */
  public static Builder builder() {
    return new Builder();
  }

  /** Knows the agents. */
  public AgentDirectory directory() {
    return (name, key) -> agents.getOrDefault(name, Set.of()).contains(key);
  }

  /** Knows the issuers by the names that stay. */
  public IssuerNames issuerNames() {
    Map<PublicKey, String> known = new HashMap<>();
    issuers.forEach((name, keys) -> keys.forEach(key -> known.put(key, name)));
    return known::get;
  }

  /**
   * Knows the approvers and their groups, by a file that a trusted key has signed.
   *
   * @throws TaperException {@link ErrorCode#INVALID_NAMES} if nobody looked at its signature:
   *     whoever could write the file would decide whose approvals count
   */
  public ApproverNames approverNames() {
    if (signer == null) {
      throw new TaperException(
          ErrorCode.INVALID_NAMES,
          "approvers count only by a signed file of names: 'taper names sign' signs it, and the"
              + " configuration's names.keys, or parseSigned and loadSigned, say who has to");
    }
    return approverNamesWithoutSignature();
  }

  /**
   * Knows the approvers and their groups, whoever wrote the file: for services whose operator alone
   * can write it, and decides whose approvals count.
   */
  public ApproverNames approverNamesWithoutSignature() {
    ApproverNames.Builder builder = ApproverNames.builder();
    approvers.forEach((name, keys) -> builder.person(name, keys.toArray(new PublicKey[0])));
    groups.forEach(builder::group);
    return builder.build();
  }

  /**
   * Says why an approval can never be had: each person counts once, with however many keys, so a
   * condition that names two keys of one person, or a group of too few, may ask for more people
   * than there are. A key without a name here counts as somebody else's, and nothing is said of a
   * group that is not here.
   *
   * @param activation what a grant or policy needs
   * @return one sentence without a full stop; null if it can be met
   */
  public @Nullable String neverMet(Activation activation) {
    int needed = activation.needed();
    String group = activation.group();
    if (group != null) {
      Set<String> members = groups.get(group);
      return members == null || members.size() >= needed
          ? null
          : "of the group " + group + " " + needed + " have to approve, and it has " + members;
    }
    SortedSet<String> persons = new TreeSet<>();
    for (String key : activation.approvers()) {
      persons.add(person(key));
    }
    return persons.size() >= needed
        ? null
        : needed
            + " have to approve, and the "
            + activation.approvers().size()
            + " keys are those of "
            + String.join(", ", persons);
  }

  /** Who approves with a key; the key itself if nobody does. */
  private String person(String key) {
    for (Map.Entry<String, Set<PublicKey>> approver : approvers.entrySet()) {
      for (PublicKey own : approver.getValue()) {
        if (own.toString().equals(key)) {
          return approver.getKey();
        }
      }
    }
    return key;
  }

  /** The name that a key has in any section; null if it has none. */
  public @Nullable String name(PublicKey key) {
    return names.get(key);
  }

  /** The agents by name, each with its keys in order. */
  public SortedMap<String, Set<PublicKey>> agents() {
    return agents;
  }

  /** The approvers by name, each with the keys in order. */
  public SortedMap<String, Set<PublicKey>> approvers() {
    return approvers;
  }

  /** The groups by name, each with the names of the approvers in it. */
  public SortedMap<String, Set<String>> groups() {
    return groups;
  }

  /** The issuers by name, each with its root keys in order. */
  public SortedMap<String, Set<PublicKey>> issuers() {
    return issuers;
  }

  /** The file's number, which grows with every change; empty if it has none. */
  public OptionalLong number() {
    return number;
  }

  /**
   * Returns the same names under another number, without a signature.
   *
   * @throws TaperException {@link ErrorCode#INVALID_NAMES} if it is negative
   */
  @CheckReturnValue
  public NamesFile withNumber(long newNumber) {
    return new NamesFile(this, Builder.checked(newNumber), false, null);
  }

  /** True if the file claims to be signed, whether anybody looked at that or not. */
  public boolean isSigned() {
    return signed;
  }

  /** The trusted key that signed the file; null if it was read without looking at a signature. */
  public @Nullable PublicKey signer() {
    return signer;
  }

  /**
   * Refuses this file if an earlier one had a greater number: who brings back an old file brings
   * back the keys that were taken out of it.
   *
   * @param earlier what was in use until now
   * @return this file
   * @throws TaperException {@link ErrorCode#INVALID_NAMES} if it is older, or has no number any
   *     more
   */
  @CheckReturnValue
  public NamesFile notOlderThan(NamesFile earlier) {
    OptionalLong least = Given.that(earlier, "the file in use").number;
    if (least.isPresent() && (number.isEmpty() || number.getAsLong() < least.getAsLong())) {
      throw new TaperException(
          ErrorCode.INVALID_NAMES,
          "the names are older than those in use: "
              + (number.isEmpty() ? "without a number" : "number " + number.getAsLong())
              + ", not "
              + least.getAsLong()
              + " or later");
    }
    return this;
  }

  /**
   * Writes the file's text, which {@link #parse} reads; the same text for the same names.
   *
   * @throws TaperException {@link ErrorCode#INVALID_NAMES} if it would be longer than {@link
   *     #MAX_BYTES}, so that nobody could read it
   */
  public String write() {
    return NamesText.write(this, null);
  }

  /**
   * Writes the file's text with a signature, which {@link #parseSigned} reads.
   *
   * @param by who vouches for the names
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the file has no number; {@link
   *     ErrorCode#INVALID_NAMES} if it would be longer than {@link #MAX_BYTES}; {@link
   *     ErrorCode#SIGNING_FAILED}
   */
  @CheckReturnValue
  public String sign(Signer by) {
    Given.that(by, "the signer of the names");
    if (number.isEmpty()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a signed file of names has a number, or an old one could come back: number(…)");
    }
    return NamesText.write(this, by);
  }

  /** How many there are of each. */
  @Override
  public String toString() {
    return "NamesFile("
        + agents.size()
        + " agents, "
        + approvers.size()
        + " approvers, "
        + groups.size()
        + " groups, "
        + issuers.size()
        + " issuers)";
  }

  /** Collects names. Not thread-safe. */
  public static final class Builder {
    private final SortedMap<String, Set<PublicKey>> agents = new TreeMap<>();
    private final SortedMap<String, Set<PublicKey>> approvers = new TreeMap<>();
    private final SortedMap<String, Set<String>> groups = new TreeMap<>();
    private final SortedMap<String, Set<PublicKey>> issuers = new TreeMap<>();
    private final Map<PublicKey, String> names = new HashMap<>();
    private OptionalLong number = OptionalLong.empty();

    private Builder() {}

    /**
     * Sets the number, which grows with every change.
     *
     * @throws TaperException {@link ErrorCode#INVALID_NAMES} if it is negative
     */
    public Builder number(long newNumber) {
      number = checked(newNumber);
      return this;
    }

    private static OptionalLong checked(long number) {
      if (number < 0) {
        throw invalid("the number of a file of names is not negative");
      }
      return OptionalLong.of(number);
    }

    /**
     * Adds an agent, or more keys of one: it has two while it rotates.
     *
     * @throws TaperException {@link ErrorCode#INVALID_NAMES} without a key, or if a key has another
     *     name; {@link ErrorCode#INVALID_REQUEST} for the name
     */
    public Builder agent(String name, PublicKey... keys) {
      return add(agents, Canonical.name(name, "the agent's name"), keys);
    }

    /**
     * Adds a person who approves, or more keys of one.
     *
     * @throws TaperException as {@link #agent}
     */
    public Builder approver(String name, PublicKey... keys) {
      return add(approvers, Canonical.name(name, "the approver's name"), keys);
    }

    /**
     * Adds an issuer, or more root keys of one; the name stays when they are rotated.
     *
     * @throws TaperException as {@link #agent}
     */
    public Builder issuer(String name, PublicKey... keys) {
      return add(issuers, Canonical.name(name, "the issuer's name"), keys);
    }

    /**
     * Adds a group of approvers, or more members of one.
     *
     * @param name such as {@code finance}
     * @param members who are approvers when the file is built
     * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the name
     */
    public Builder group(String name, String... members) {
      String checked = Canonical.name(name, "the group's name");
      groups.computeIfAbsent(checked, group -> new TreeSet<>()).addAll(List.of(members));
      return this;
    }

    private Builder add(Map<String, Set<PublicKey>> section, String name, PublicKey... keys) {
      if (keys.length == 0) {
        throw invalid(name + " has no key");
      }
      for (PublicKey key : keys) {
        String other = names.putIfAbsent(Given.that(key, "the key of " + name), name);
        if (other != null && !other.equals(name)) {
          throw invalid("the key " + key + " has two names: " + other + " and " + name);
        }
        section.computeIfAbsent(name, unused -> new LinkedHashSet<>(1)).add(key);
      }
      return this;
    }

    /**
     * Builds the file.
     *
     * @throws TaperException {@link ErrorCode#INVALID_NAMES} if a group has a member who is no
     *     approver
     */
    public NamesFile build() {
      groups.forEach(
          (group, members) -> {
            for (String member : members) {
              if (!approvers.containsKey(member)) {
                throw invalid(
                    "the group " + group + " has " + member + ", who is not among the approvers");
              }
            }
          });
      return new NamesFile(this);
    }

    private static TaperException invalid(String why) {
      return new TaperException(ErrorCode.INVALID_NAMES, why);
    }
  }
}
