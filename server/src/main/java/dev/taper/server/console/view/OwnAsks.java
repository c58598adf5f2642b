package dev.taper.server.console.view;

import dev.taper.TaperException;
import dev.taper.agent.Agent;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.AskQueue;
import dev.taper.integrations.http.AskQueue.Entry;
import dev.taper.integrations.http.AskQueue.Standing;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import dev.taper.operations.trail.RecordWords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The asks of services whose stores this process has. Thread-safe. */
final class OwnAsks implements AskSource {
  /** A page of asks ends at this many characters, though one ask may be longer. */
  private static final int MAX_PAGE = 1 << 20;

  /** Of how many open asks the standing is looked at, though nobody sees them. */
  private static final int LOOKED_AT = 500;

  private static final Duration STANDING_KEPT = Duration.ofSeconds(10);
  private static final int MAX_BEFORE = 20;

  private final List<AskQueue> queues;
  private final @Nullable AuditIndex audit;
  private final Clock clock;
  private final Map<String, Looked> looked = new ConcurrentHashMap<>();

  /** An ask that was looked at: what others it is like, and whether an approval would help. */
  private record Looked(String like, Standing standing, Instant at) {}

  /** An ask and the service that keeps it. */
  private record Queued(AskQueue queue, Entry entry) {}

  OwnAsks(List<AskQueue> queues, @Nullable AuditIndex audit, Clock clock) {
    this.queues = List.copyOf(queues);
    this.audit = audit;
    this.clock = clock;
  }

  private List<Queued> all() {
    List<Queued> all = new ArrayList<>();
    for (AskQueue queue : queues) {
      queue.entries().forEach(entry -> all.add(new Queued(queue, entry)));
    }
    all.sort(
        Comparator.comparing((Queued one) -> one.entry.until())
            .thenComparing(one -> one.entry.name()));
    return all;
  }

  @Override
  public Set<String> open() {
    Set<String> names = new HashSet<>();
    int left = LOOKED_AT;
    for (Queued one : all()) {
      if (isOpen(one) && left-- > 0 && look(one).standing.isPossible()) {
        names.add(one.entry.name());
      }
    }
    return names;
  }

  @Override
  public Page page(Wanted wanted) throws RefusedException {
    List<Queued> all = all();
    Set<String> names = new HashSet<>();
    all.forEach(one -> names.add(one.entry.name()));
    looked.keySet().retainAll(names);
    Map<String, Integer> likes = new HashMap<>();
    int open = 0;
    int hidden = 0;
    for (Queued one : all) {
      if (isOpen(one) && open++ < LOOKED_AT) {
        Looked found = look(one);
        hidden += found.standing.isPossible() ? 0 : 1;
        likes.merge(found.like, 1, Integer::sum);
      }
    }
    Place from = Place.of(wanted.after());
    List<AskItem> items = new ArrayList<>();
    int size = 0;
    for (Queued one : all) {
      if (!from.isBefore(one.entry) || !isWanted(one, wanted.state())) {
        continue;
      }
      if (items.size() == wanted.limit() || size > MAX_PAGE) {
        String last = items.get(items.size() - 1).name();
        return new Page(items, List.of(), Place.at(all, last), open, hidden);
      }
      AskItem item = item(one, wanted.key(), likes, null);
      items.add(item);
      size += item.size();
    }
    return new Page(items, List.of(), null, open, hidden);
  }

  /** Where a page ended. */
  private record Place(long until, String name) {
    static Place of(@Nullable String after) throws RefusedException {
      if (after == null) {
        return new Place(Long.MIN_VALUE, "");
      }
      if (!after.matches("[0-9]{1,15}[.][0-9a-f]{64}")) {
        throw SentJson.invalid("no page ended there");
      }
      int dot = after.indexOf('.');
      return new Place(Long.parseLong(after.substring(0, dot)), after.substring(dot + 1));
    }

    static String at(List<Queued> all, String name) {
      for (Queued one : all) {
        if (one.entry.name().equals(name)) {
          return one.entry.until().toEpochMilli() + "." + name;
        }
      }
      throw new IllegalStateException("an item of the page is in the queue");
    }

    boolean isBefore(Entry entry) {
      long its = entry.until().toEpochMilli();
      return until < its || (until == its && name.compareTo(entry.name()) < 0);
    }
  }

  private static boolean isOpen(Queued one) {
    return one.entry.state().equals("open");
  }

  private boolean isWanted(Queued one, String state) {
    if (state.equals("all")) {
      return true;
    }
    return one.entry.state().equals(state) && (!isOpen(one) || look(one).standing.isPossible());
  }

  private Looked look(Queued one) {
    Instant now = clock.instant();
    Looked known = looked.get(one.entry.name());
    if (known != null && now.isBefore(known.at.plus(STANDING_KEPT))) {
      return known;
    }
    String like = known == null ? like(one.entry) : known.like;
    Looked found = new Looked(like, one.queue.standing(one.entry), now);
    looked.put(one.entry.name(), found);
    return found;
  }

  /** The holder's key, the tool and the service: what makes asks look alike. */
  private static String like(Entry entry) {
    ApprovalRequest request = ApprovalRequest.decode(entry.request());
    List<PublicKey> keys = request.token().nextKeys();
    return keys.get(keys.size() - 1) + " " + request.call().tool() + " " + request.audience();
  }

  private AskItem item(
      Queued one,
      @Nullable PublicKey key,
      Map<String, Integer> likes,
      AskItem.@Nullable Before before) {
    Entry entry = one.entry;
    Looked found = look(one);
    Standing standing = found.standing;
    int alike = likes.getOrDefault(found.like, 0) - (isOpen(one) ? 1 : 0);
    return new AskItem(
        entry.name(),
        entry.state(),
        entry.until().getEpochSecond(),
        entry.audience(),
        entry.request(),
        entry.approvals(),
        entry.refusal(),
        key == null ? null : one.queue.counts(entry, key),
        Math.max(0, alike),
        standing.code() == null ? null : new AskItem.Problem(standing.code(), standing.detail()),
        before);
  }

  private Queued find(String name) throws RefusedException {
    for (AskQueue queue : queues) {
      Entry entry = queue.entry(name);
      if (entry != null) {
        return new Queued(queue, entry);
      }
    }
    throw ViewRequest.refused(404, "unknown_ask", null);
  }

  @Override
  public AskItem item(String name, @Nullable PublicKey key) throws RefusedException {
    Queued one = find(name);
    looked.remove(name); // whoever opens an ask sees how it stands now
    Map<String, Integer> likes = new HashMap<>();
    looked.values().forEach(known -> likes.merge(known.like, 1, Integer::sum));
    likes.merge(look(one).like, 1, Integer::sum);
    return item(one, key, likes, before(one.entry, key));
  }

  private AskItem.@Nullable Before before(Entry entry, @Nullable PublicKey key) {
    if (audit == null) {
      return null;
    }
    String tool;
    String holder;
    try {
      ApprovalRequest request = ApprovalRequest.decode(entry.request());
      Agent agent = DelegationChain.claimedBy(request.token()).holder();
      holder = agent == null ? "" : agent.name();
      tool = request.call().tool();
    } catch (TaperException e) {
      return null;
    }
    List<AuditRecord> records;
    try {
      records = audit.now().records();
    } catch (TaperException | OperationException e) {
      return null; // the timeline says why
    }
    int[] counts = new int[4];
    List<AskItem.Call> calls = new ArrayList<>();
    for (int i = records.size() - 1; i >= 0; i--) {
      if (records.get(i).content() instanceof AuditEvent event
          && holder.equals(RecordWords.holder(event))
          && event.call() != null) {
        AuditEvent.Call call = event.call();
        boolean isApproval = event.kind() == AuditKind.APPROVE && isBy(event.by(), key);
        boolean isUse = event.kind() == AuditKind.ALLOW && restsOn(event.basis(), key);
        counts[0] += isApproval ? 1 : 0;
        counts[1] += isUse ? 1 : 0;
        counts[2] += isUse && call.tool().equals(tool) ? 1 : 0;
        counts[3] += event.kind() == AuditKind.DENY ? 1 : 0;
        if ((isApproval || isUse) && calls.size() < MAX_BEFORE) {
          calls.add(
              new AskItem.Call(
                  event.time(),
                  records.get(i).sequence(),
                  event.kind().text(),
                  call.tool(),
                  call.resource(),
                  event.task()));
        }
      }
    }
    return new AskItem.Before(counts[0], counts[1], counts[2], counts[3], calls);
  }

  private static boolean isBy(@Nullable String by, @Nullable PublicKey key) {
    return key == null || key.toString().equals(by);
  }

  private static boolean restsOn(@Nullable AuditBasis basis, @Nullable PublicKey key) {
    if (basis == null) {
      return false;
    }
    String beginning = key == null ? "" : key + " ";
    return basis.approvals().stream().anyMatch(approval -> approval.startsWith(beginning));
  }

  @Override
  public String approve(String name, String approval) throws RefusedException {
    return find(name).queue.approve(name, approval);
  }

  @Override
  public String refuse(String name, String reason) throws RefusedException {
    return find(name).queue.refuse(name, reason);
  }
}
