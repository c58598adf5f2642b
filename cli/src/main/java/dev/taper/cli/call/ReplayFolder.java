package dev.taper.cli.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Proof;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ProofUses;
import dev.taper.agent.memory.ProofWindow;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Remembers used proofs from run to run: an empty file for each, whose name says all. It removes
 * the files of proofs that are too old to be accepted anyway, so the machine's clock must not be
 * set back by a minute or more. The folder is bounded, and not divided among delegators: it belongs
 * to the user of the command, and a service keeps its memory elsewhere.
 */
final class ReplayFolder implements ProofUses {
  private static final int MAX_PROOFS = 10_000;
  private static final Pattern NAME = Pattern.compile("([0-9]{13})-[0-9a-f]{32}\\.proof");

  private final UseFolder folder;

  /**
   * Uses a folder, which is made when it is needed.
   *
   * @param folder the folder
   * @param now the time
   */
  ReplayFolder(Path folder, Instant now) {
    long oldest = now.minus(ProofWindow.DEFAULT.back()).toEpochMilli();
    this.folder = new UseFolder(folder, NAME, oldest - 1);
  }

  @Override
  public boolean claim(byte[] nonce, Instant issuedAt, PublicKey holder, MemoryShare share) {
    try {
      if (folder.prepare() >= MAX_PROOFS) {
        throw new TaperException(
            ErrorCode.REPLAY_CACHE_FULL,
            "no room to remember another proof; the folder holds " + MAX_PROOFS);
      }
      return folder.add(name(nonce, issuedAt, holder));
    } catch (IOException e) {
      throw new TaperException(
          ErrorCode.REPLAY_CACHE_UNAVAILABLE, "cannot use the folder: " + e.getMessage(), e);
    }
  }

  /** The digest of signed parts, so that nobody can use a proof under another name. */
  private static String name(byte[] nonce, Instant issuedAt, PublicKey holder) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(nonce);
      digest.update(holder.toString().getBytes(StandardCharsets.US_ASCII));
      return "%013d-%s.proof"
          .formatted(
              issuedAt.toEpochMilli(),
              HexFormat.of().formatHex(digest.digest(), 0, Proof.NONCE_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
