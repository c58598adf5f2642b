package dev.taper.operations.revoking;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.trail.AuditReader;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks up whether things are revoked: since when and by whom as the signed list says, and why as
 * an audit log does. Immutable and thread-safe.
 */
public final class RevocationLookup {
  private final Map<Fingerprint, String> words = new LinkedHashMap<>();

  /** The fingerprints by how records name the things. */
  private final Map<String, Fingerprint> subjects = new HashMap<>();

  /**
   * What the lists say of one thing.
   *
   * @param entry the entry
   * @param issuer who signed it
   * @param sequence the number of the first list here that states it
   * @param issued when that was issued
   * @param isExact true if it was revoked by that list; false if earlier ones, which are not here
   *     any more, may have stated it
   * @param lifted why it is no longer revoked; null if it is
   */
  public record Listed(
      RevocationEntry entry,
      PublicKey issuer,
      long sequence,
      Instant issued,
      boolean isExact,
      @Nullable String lifted) {}

  /**
   * An answer.
   *
   * @param words what it is, for people
   * @param listed what the list says
   * @param isRevoked true if the entry counts: it was not lifted and has not ended
   * @param record the record of it, or null
   */
  public record Answer(
      String words, Listed listed, boolean isRevoked, @Nullable AuditEvent record) {}

  private RevocationLookup() {}

  /** Looks up some things. */
  public static RevocationLookup of(List<Revocable> things) {
    RevocationLookup lookup = new RevocationLookup();
    for (Revocable thing : things) {
      Fingerprint fingerprint = thing.entry().fingerprint();
      lookup.words.put(fingerprint, thing.words());
      lookup.subjects.put(subject(thing.subject()), fingerprint);
    }
    return lookup;
  }

  /**
   * Looks up all that a token stands on.
   *
   * @param token the token; its signatures need not have been verified
   * @param rootKey who signed its first block; null if that is not known, and not looked up then
   */
  public static RevocationLookup of(AgentToken token, @Nullable PublicKey rootKey) {
    RevocationLookup lookup = new RevocationLookup();
    lookup.words.putAll(token.standsOn(rootKey));
    List<byte[]> digests = token.blockDigests();
    List<byte[]> keys = token.revocationKeys();
    for (int i = 0; i < keys.size(); i++) {
      String id = HexFormat.of().formatHex(digests.get(i));
      lookup.subjects.put("block " + id, Fingerprint.ofBlock(keys.get(i)));
    }
    List<Revocable> others = new ArrayList<>();
    others.add(Revocable.task(token.chain().task().id()));
    others.add(Revocable.delegator(token.chain().delegator()));
    if (rootKey != null) {
      others.add(Revocable.root(rootKey));
    }
    token
        .chain()
        .hops()
        .forEach(
            hop -> {
              others.add(Revocable.holder(hop.holderKey()));
              others.add(Revocable.lastHolder(hop.holderKey()));
            });
    others.forEach(
        each -> lookup.subjects.put(subject(each.subject()), each.entry().fingerprint()));
    return lookup;
  }

  /** The fingerprints that are looked up. */
  Set<Fingerprint> fingerprints() {
    return words.keySet();
  }

  /**
   * Asks a list, and an audit log if there is one.
   *
   * @param list the list; its signatures are verified
   * @param log the audit log, or null
   * @param now the time by which entries end
   * @return what the list names or named, in the order of the things
   * @throws dev.taper.operations.OperationException as {@link ListReader#signed} and {@link
   *     AuditReader#read}
   */
  public List<Answer> ask(ListReader list, @Nullable AuditReader log, Instant now) {
    Map<Fingerprint, Listed> listed = list.history(fingerprints());
    Map<Fingerprint, AuditEvent> records = new HashMap<>();
    if (log != null && !listed.isEmpty()) {
      Map<Long, List<Fingerprint>> byList = new HashMap<>();
      listed.forEach(
          (fingerprint, each) ->
              byList.computeIfAbsent(each.sequence(), n -> new ArrayList<>()).add(fingerprint));
      log.read(record -> note(record, byList, records));
    }
    List<Answer> answers = new ArrayList<>();
    words.forEach(
        (fingerprint, each) -> {
          Listed found = listed.get(fingerprint);
          if (found != null) {
            Instant until = found.entry().until();
            boolean counts = found.lifted() == null && (until == null || !until.isBefore(now));
            answers.add(new Answer(each, found, counts, records.get(fingerprint)));
          }
        });
    return answers;
  }

  private void note(
      AuditRecord record,
      Map<Long, List<Fingerprint>> byList,
      Map<Fingerprint, AuditEvent> records) {
    if (!(record.content() instanceof AuditEvent event) || event.subject() == null) {
      return;
    }
    AuditEvent.Subject about = event.subject();
    boolean isEnd =
        event.kind() == AuditKind.REVOKE
            || event.kind() == AuditKind.TASK_END
            || event.kind() == AuditKind.REVIEW;
    if (!isEnd
        || "certified".equals(about.decision())
        || RevocationBatch.PUBLISHED.equals(about.decision())) {
      return;
    }
    Fingerprint named = subjects.get(subject(about));
    if (named != null) {
      records.put(named, event);
    } else if (about.type().equals(RevocationBatch.LIST) && about.id().matches("[0-9]{1,18}")) {
      for (Fingerprint each : byList.getOrDefault(Long.valueOf(about.id()), List.of())) {
        records.putIfAbsent(each, event);
      }
    }
  }

  private static String subject(AuditEvent.Subject subject) {
    return subject.type() + " " + subject.id();
  }
}
