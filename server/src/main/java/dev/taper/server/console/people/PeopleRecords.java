package dev.taper.server.console.people;

import dev.taper.TaperException;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.call.Canonical;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.asking.ServiceAsk;
import dev.taper.server.console.view.AskItem;
import dev.taper.server.console.view.AsksView;
import dev.taper.server.console.view.OwnData;

/**
 * Records who refuses an ask before it is refused, and takes no approval: one that is sent from a
 * page of this machine was made by a page of this machine. Thread-safe.
 */
public final class PeopleRecords implements AsksView.Kept {
  private final OwnData data;

  /** Records in the log of this data. */
  public PeopleRecords(OwnData data) {
    this.data = data;
  }

  @Override
  public void approving(AskItem ask, String approval) throws RefusedException {
    throw new RefusedException(
        403, "signed_elsewhere", "approvals are signed by taper console on your own machine");
  }

  @Override
  public void refusing(AskItem ask, String by, String reason) throws RefusedException {
    try {
      var unused = Canonical.reason(reason);
    } catch (TaperException e) { // the ask would not take it, and nothing would have been refused
      throw new RefusedException(400, e.code().text(), e.getMessage());
    }
    if (ask.status().state() == AskStatus.State.OPEN) {
      ApprovalRequest request = ApprovalRequest.decode(ask.status().request());
      data.record(now -> ServiceAsk.refused(request, ask.name(), by, reason, now));
    }
  }
}
