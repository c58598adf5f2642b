package dev.taper.testvectors.profile;

import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.wire.BlockEncoder;
import dev.taper.wire.TokenTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chain of random blocks, how each was made, and changes of that before all is signed. */
final class RandomChain {
  /**
   * How a block is made, rightly or wrongly.
   *
   * @param third the third party whose block it is, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Made(
      byte[] payload, PrivateKey signer, PublicKey next, int version, @Nullable PrivateKey third) {
    Made payload(byte[] other) {
      return new Made(other, signer, next, version, third);
    }

    Made signer(PrivateKey other) {
      return new Made(payload, other, next, version, third);
    }

    Made next(PublicKey other) {
      return new Made(payload, signer, other, version, third);
    }

    Made version(int other) {
      return new Made(payload, signer, next, other, third);
    }
  }

  private static final List<PrivateKey> HOLDERS =
      List.of(Cast.PLANNER, Cast.RESEARCHER, Cast.SCRAPER, Cast.PLANNER_2, Cast.LAWYER);

  private final Luck luck;
  private final RandomBlocks blocks;
  private final RandomText text;
  private final List<Made> made = new ArrayList<>();
  private final Map<String, PrivateKey> names = new LinkedHashMap<>();
  private final List<PrivateKey> unused;
  private Chain good = Chain.empty();
  private PrivateKey holder;
  private String name = "agent:planner";
  private boolean bearer;

  /**
   * Makes a chain.
   *
   * @param wrong in so many of a hundred blocks, and steps, something breaks a rule of the profile
   * @param tails in so many of a hundred chains a bearer tail begins
   */
  RandomChain(Luck luck, int wrong, int tails) {
    this.luck = luck;
    this.blocks = new RandomBlocks(luck, wrong);
    this.text = new RandomText(luck);
    this.unused = new ArrayList<>(HOLDERS);
    Collections.rotate(unused, luck.below(HOLDERS.size()));
    this.holder = unused.remove(0);
    PrivateKey root = luck.percent(80) ? Cast.ROOT : Cast.ROOT_P256;
    names.put(name, holder);
    add(blocks.authority(name), root, holder.publicKey(), 1);
    for (int steps = luck.of(0, 1, 1, 2, 2, 3, 4); steps > 0; steps--) {
      step(luck.percent(wrong), luck.percent(tails));
    }
  }

  private void add(Block block, PrivateKey signer, PublicKey next, int version) {
    add(
        new Made(
            BlockEncoder.encode(block, TokenTables.after(good.decoded())),
            signer,
            next,
            version,
            null));
  }

  private void add(Made block) {
    made.add(block);
    good = signed(good, block);
  }

  private void step(boolean wrong, boolean tail) {
    if (bearer || tail) {
      PrivateKey next = luck.percent(80) ? Cast.THROW_AWAY : Cast.THROW_AWAY_2;
      add(
          wrong ? blocks.hop("agent:x") : blocks.own(true),
          holder,
          next.publicKey(),
          bearer ? luck.of(0, 1) : wrong ? 0 : 1);
      bearer = true;
      holder = next;
      return;
    }
    switch (luck.below(10)) {
      case 0 -> add(blocks.own(false), holder, holder.publicKey(), 1);
      case 1 -> add(justification(), holder, holder.publicKey(), 1);
      case 2 -> third(wrong);
      case 3 -> hand(name, wrong); // a rotation
      default ->
          hand(!wrong ? "agent:" + made.size() : luck.of("agent:planner", "agent: x", ""), wrong);
    }
  }

  private void third(boolean wrong) {
    Block block =
        wrong ? blocks.hop("agent:third") : Datalog.block(new RandomDatalog(luck).statements());
    byte[] payload = BlockEncoder.encodeThirdParty(block);
    add(
        new Made(
            payload, holder, holder.publicKey(), 1, luck.of(Cast.AUDITOR, Cast.LAWYER, Cast.BOSS)));
  }

  private void hand(String to, boolean wrong) {
    PrivateKey next =
        unused.isEmpty() || (wrong && luck.percent(50)) ? luck.of(HOLDERS) : unused.remove(0);
    add(blocks.hop(to), holder, next.publicKey(), wrong && luck.percent(30) ? 0 : 1);
    names.put(to, next);
    holder = next;
    name = to;
  }

  private Block justification() {
    long from = luck.of(-60, -30, 0, 1, 30, 31);
    long until = from + luck.of(1, 300, 301, 900, 3600, 3601);
    String tools =
        luck.percent(96)
            ? luck.of("jira.*", "jira.*", "jira.delete", "pay.transfer", "jira.search")
            : "*";
    String fact =
        "justification(\""
            + tools
            + "\", \""
            + (luck.percent(97) ? "a duplicate" : "")
            + "\", "
            + Cast.NOON.plusSeconds(from)
            + ", "
            + Cast.NOON.plusSeconds(until)
            + ");";
    return Story.block(Statements.JUSTIFICATION, fact, null, null);
  }

  private static Chain signed(Chain chain, Made block) {
    if (block.third == null) {
      return chain.then(block.payload, block.signer, block.next, block.version);
    }
    return chain.third(
        block.payload, block.third, block.third.publicKey(), block.signer, block.next);
  }

  /** Who signed block 0. */
  PrivateKey root() {
    return made.get(0).signer;
  }

  /** The chain as it was made. */
  Chain chain() {
    return good;
  }

  /** Who has the last block's next key. */
  PrivateKey holder() {
    return holder;
  }

  /** Whether it has a bearer tail. */
  boolean isBearer() {
    return bearer;
  }

  /** Who was named, with the last key of each. */
  Map<String, PrivateKey> names() {
    return names;
  }

  /** Its bytes with the end that fits, sealed or not. */
  byte[] encoded(boolean sealed) {
    return sealed ? good.sealed(holder) : bearer ? good.bearer(holder) : good.held();
  }

  /** The bytes of a chain in which something is not as it should be. */
  byte[] changed() {
    return switch (luck.below(10)) {
      case 0, 1 -> text.changed(encoded(luck.percent(20)));
      case 2, 3 -> rearranged();
      case 4 -> wrongEnd();
      default -> resigned();
    };
  }

  /** What somebody without the keys can do with signed blocks. */
  private byte[] rearranged() {
    int size = good.size();
    int at = luck.below(size);
    Chain rearranged =
        switch (luck.below(6)) {
          case 0 -> good.pick(0, at);
          case 1 -> good.pick(at, size);
          case 2 -> without(at);
          case 3 -> good.then(good.step(at));
          case 4 -> good.withNextKey(Cast.MALLORY.publicKey());
          default -> swapped(at, luck.below(size));
        };
    return rearranged.size() == 0 ? new byte[0] : rearranged.held();
  }

  private Chain without(int at) {
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < good.size(); i++) {
      if (i != at) {
        kept.add(i);
      }
    }
    return good.order(kept.stream().mapToInt(Integer::intValue).toArray());
  }

  private Chain swapped(int a, int b) {
    int[] order = new int[good.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i == a ? b : i == b ? a : i;
    }
    return good.order(order);
  }

  private byte[] wrongEnd() {
    return switch (luck.below(5)) {
      case 0 -> good.bearer(Cast.MALLORY);
      case 1 -> good.sealed(Cast.MALLORY);
      case 2 -> good.bearer(holder);
      case 3 -> bearer ? good.held() : good.sealed(holder);
      default -> text.changed(good.sealed(holder));
    };
  }

  /** What holders can sign: blocks of any bytes, with any keys. */
  private byte[] resigned() {
    List<Made> blocks = new ArrayList<>(made);
    int at = luck.below(blocks.size());
    Made one = blocks.get(at);
    switch (luck.below(9)) {
      case 0 -> blocks.set(at, one.signer(luck.of(HOLDERS)));
      case 1 -> blocks.set(at, one.next(luck.of(HOLDERS).publicKey()));
      case 2 ->
          blocks.set(at, one.third == null ? one.version(0) : one.next(Cast.MALLORY.publicKey()));
      case 3 -> blocks.set(at, one.payload(blocks.get(luck.below(blocks.size())).payload));
      case 4 -> blocks.add(luck.below(blocks.size() + 1), one);
      case 5 -> blocks.remove(blocks.size() > 1 ? at : 0);
      default -> blocks.set(at, one.payload(text.changed(one.payload)));
    }
    Chain chain = Chain.empty();
    for (Made block : blocks) {
      chain = chain.size() == 0 && block.third != null ? chain : signed(chain, block);
    }
    return chain.size() == 0 ? new byte[0] : bearer ? chain.bearer(holder) : chain.held();
  }
}
