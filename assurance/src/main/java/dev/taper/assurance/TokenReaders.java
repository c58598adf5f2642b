package dev.taper.assurance;

import static dev.taper.assurance.Laws.read;
import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.ErrorCode.Category;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.authorizer.PolicySet;
import dev.taper.authorizer.Snapshot;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Readers of the wire format. */
final class TokenReaders {
  /** The codes that a reader of the wire format may give; keys and signatures are part of it. */
  private static final Category[] WIRE = {Category.FORMAT, Category.SIGNATURE, Category.KEY};

  private TokenReaders() {}

  static boolean bytes(byte[] input) {
    return read(() -> UnverifiedToken.decode(input), WIRE).map(TokenReaders::token).orElse(false);
  }

  static boolean text(byte[] input) {
    Optional<UnverifiedToken> token = read(() -> UnverifiedToken.decode(utf8(input)), WIRE);
    token.ifPresent(
        read ->
            same(
                "a token's text names its bytes",
                read.encode(),
                UnverifiedToken.decode(read.encodeBase64()).encode()));
    return token.isPresent();
  }

  private static boolean token(UnverifiedToken token) {
    byte[] encoded = token.encode();
    UnverifiedToken again = UnverifiedToken.decode(encoded);
    same("a written token reads the same", encoded, again.encode());
    same("every block has a next key", token.blockCount(), token.nextKeys().size());
    same("every block can be revoked", token.blockCount(), token.revocationIds().size());
    Optional<List<Block>> blocks = read(() -> blocks(token), WIRE);
    blocks.ifPresent(
        read -> {
          same("a written token has the same blocks", read, blocks(again));
          // A block's context is not part of its text.
          read.forEach(block -> printed(block.withContext(null), Datalog::block));
        });
    RootKeys root = RootKeys.of(Keys.ROOT.publicKey());
    Optional<VerifiedChain> verified = read(() -> token.verifyAny(root), WIRE);
    verified.ifPresent(
        chain -> same("what verifies can be read", token.blockCount(), blocks(token).size()));
    return blocks.isPresent();
  }

  private static List<Block> blocks(UnverifiedToken token) {
    List<Block> blocks = new ArrayList<>();
    token.blocks().forEach(decoded -> blocks.add(decoded.block()));
    return blocks;
  }

  /**
   * The text of any code says what it means: people read that, and may use it again. The wire
   * format has more than text can write, such as any name: then the text is refused, and never read
   * as something else.
   */
  private static void printed(Object code, Function<String, Object> reader) {
    String text = code.toString();
    Optional<Object> again = read(() -> reader.apply(text), Category.LANGUAGE);
    again.ifPresent(read -> same("printed code reads the same", text, read.toString()));
  }

  static boolean delegation(byte[] input) {
    Optional<AgentToken> token = read(() -> AgentToken.decode(input), WIRE);
    token.ifPresent(
        read -> {
          DelegationChain chain = read.chain();
          same("every block is a hop", read.token().blockCount(), chain.hops().size());
          same(
              "every hop leaves an authority",
              chain.hops().size(),
              chain.effectiveAuthorities().size());
          same("hops of a claim are not verified", false, chain.verified());
          chain.hops().forEach(hop -> same("words are repeatable", hop.words(), hop.words()));
          same(
              "a written token reads the same",
              chain.toString(),
              AgentToken.decode(read.encodeBase64()).chain().toString());
        });
    return token.isPresent();
  }

  static boolean thirdPartyRequest(byte[] input) {
    Optional<ThirdPartyBlock.Request> request =
        read(() -> ThirdPartyBlock.Request.decode(input), WIRE);
    request.ifPresent(
        read -> {
          ThirdPartyBlock.Request again = ThirdPartyBlock.Request.decode(read.encodeBase64());
          same(
              "a written request reads the same",
              read.previousSignature(),
              again.previousSignature());
          same("a request has one form", read.encode(), again.encode());
        });
    return request.isPresent();
  }

  static boolean thirdPartyBlock(byte[] input) {
    Optional<ThirdPartyBlock> answer = read(() -> ThirdPartyBlock.decode(input), WIRE);
    if (answer.isEmpty()) {
      return false;
    }
    ThirdPartyBlock again = ThirdPartyBlock.decode(answer.get().encodeBase64());
    same("an answer has one form", answer.get().encode(), again.encode());
    same("an answer keeps its key", answer.get().externalKey(), again.externalKey());
    Optional<Block> block = read(() -> answer.get().block().block(), WIRE);
    block.ifPresent(
        read -> {
          same("a written block reads the same", read, again.block().block());
          printed(read, Datalog::block);
        });
    return block.isPresent();
  }

  static boolean snapshot(byte[] input) {
    Optional<Snapshot> snapshot = read(() -> Snapshot.decode(input), WIRE);
    if (snapshot.isEmpty()) {
      return false;
    }
    Snapshot again = Snapshot.decode(snapshot.get().encodeBase64());
    same("a snapshot has one form", snapshot.get().encode(), again.encode());
    AuthorizerCode code = snapshot.get().code();
    same("a written snapshot reads the same", code, again.code());
    same("limits are kept", snapshot.get().limits(), again.limits());
    printed(code, Datalog::authorizer);
    Optional<PolicySet> policies =
        read(snapshot.get()::policySet, Category.LANGUAGE, Category.FORMAT);
    return policies.isPresent();
  }
}
