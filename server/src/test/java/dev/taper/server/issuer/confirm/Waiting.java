package dev.taper.server.issuer.confirm;

import dev.taper.server.issuer.PendingExchange;
import dev.taper.server.issuer.PendingExchanges;
import dev.taper.server.oidc.Subject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exchanges that wait, as a test says, and what was decided. */
final class Waiting implements PendingExchanges {
  final List<PendingExchange> all = new ArrayList<>();
  final List<String> decided = new ArrayList<>();

  @Override
  public synchronized List<PendingExchange> of(Subject subject) {
    return all.stream().filter(one -> one.subject().equals(subject)).toList();
  }

  @Override
  public synchronized @Nullable PendingExchange find(String id, Subject subject) {
    return of(subject).stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
  }

  @Override
  public synchronized boolean confirm(String id, Subject subject) {
    return decide(id, subject, "yes ");
  }

  @Override
  public synchronized boolean refuse(String id, Subject subject) {
    return decide(id, subject, "no ");
  }

  private boolean decide(String id, Subject subject, String word) {
    boolean isThere = all.removeIf(one -> one.id().equals(id) && one.subject().equals(subject));
    if (isThere) {
      decided.add(word + id);
    }
    return isThere;
  }
}
