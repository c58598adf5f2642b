package dev.taper.testvectors.profile;

import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Lists of revocations, put together by section 13. */
final class RevocationLists {
  static final int FOREVER = -1;

  private RevocationLists() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(PublicKey key) {
    return Messages.join(new byte[] {(byte) key.algorithm().wireId()}, key.bytes());
  }

  static byte[] fingerprint(int kind, byte[] value) {
    byte[] tag = Messages.join(Messages.tag("TAPER"), Messages.suffix("REVOKED"));
    return Arrays.copyOf(Messages.sha256(tag, new byte[] {(byte) kind}, value), 16);
  }

  /** An entry of a list. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(byte[] fingerprint, int kind, int until) {
    byte[] encode() {
      return ByteBuffer.allocate(21).put(fingerprint).put((byte) kind).putInt(until).array();
    }
  }

  /** A lifted entry, whose reason may be none. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Lifted(byte[] fingerprint, int kind, int until, byte[] reason) {
    byte[] encode() {
      byte[] entry = new Entry(fingerprint, kind, until).encode();
      byte[] length = {(byte) (reason.length >> 8), (byte) reason.length};
      return Messages.join(entry, length, reason);
    }
  }

  static Lifted lifted(byte[] fingerprint, String reason) {
    return new Lifted(fingerprint, 2, FOREVER, bytes(reason));
  }

  /** A list to be signed, of which anything may be wrong. */
  record Listed(
      PrivateKey issuer,
      int version,
      int type,
      long base,
      long sequence,
      long issued,
      long nextUpdate,
      int maxAge,
      List<Entry> entries,
      List<Lifted> lifted) {
    static Listed snapshot(long sequence, Entry... entries) {
      long noon = Cast.NOON.toEpochMilli();
      return new Listed(
          Cast.REVOKER, 2, 0, 0, sequence, noon, noon + 300_000, 600, List.of(entries), List.of());
    }

    static Listed delta(long base, long sequence, Entry... entries) {
      Listed s = snapshot(sequence, entries);
      return new Listed(
          s.issuer, 2, 1, base, sequence, s.issued, s.nextUpdate, s.maxAge, s.entries, s.lifted);
    }

    Listed by(PrivateKey key) {
      return new Listed(
          key, version, type, base, sequence, issued, nextUpdate, maxAge, entries, lifted);
    }

    Listed lifting(Lifted... newLifted) {
      return new Listed(
          issuer,
          version,
          type,
          base,
          sequence,
          issued,
          nextUpdate,
          maxAge,
          entries,
          List.of(newLifted));
    }

    Listed version(int newVersion) {
      return new Listed(
          issuer, newVersion, type, base, sequence, issued, nextUpdate, maxAge, entries, lifted);
    }

    Listed type(int newType) {
      return new Listed(
          issuer, version, newType, base, sequence, issued, nextUpdate, maxAge, entries, lifted);
    }

    Listed times(long newIssued, long newNextUpdate, int newMaxAge) {
      long noon = Cast.NOON.toEpochMilli();
      return new Listed(
          issuer,
          version,
          type,
          base,
          sequence,
          noon + newIssued,
          noon + newNextUpdate,
          newMaxAge,
          entries,
          lifted);
    }

    byte[] body() {
      byte[] body = {};
      for (Entry entry : entries) {
        body = Messages.join(body, entry.encode());
      }
      for (Lifted each : lifted) {
        body = Messages.join(body, each.encode());
      }
      return body;
    }

    byte[] header() {
      byte[] tag = Messages.join(Messages.tag("TAPER"), Messages.suffix("REVOCATION"));
      byte[] key = issuer.publicKey().bytes();
      return ByteBuffer.allocate(tag.length + 3 + key.length + 44 + 32)
          .put(tag)
          .put((byte) version)
          .put((byte) type)
          .put((byte) issuer.algorithm().wireId())
          .put(key)
          .putLong(base)
          .putLong(sequence)
          .putLong(issued)
          .putLong(nextUpdate)
          .putInt(maxAge)
          .putInt(entries.size())
          .putInt(lifted.size())
          .put(Messages.sha256(body()))
          .array();
    }

    byte[] signed() {
      byte[] header = header();
      byte[] signature = issuer.sign(header);
      return Messages.join(header, new byte[] {(byte) signature.length}, signature, body());
    }
  }

  static Entry entry(byte[] fingerprint, int kind) {
    return new Entry(fingerprint, kind, FOREVER);
  }

  static Entry[] ascending(Entry a, Entry b) {
    boolean right = Arrays.compareUnsigned(a.fingerprint(), b.fingerprint()) < 0;
    return right ? new Entry[] {a, b} : new Entry[] {b, a};
  }
}
