package dev.taper.agent.decision;

/**
 * What an approval that came with a token is worth for one call, the nearest to counting first: a
 * refusal names the first of several.
 */
enum ApprovalStanding {
  /** It counts. */
  COUNTS(DenialCode.APPROVAL_REQUIRED),
  /** All of its uses were claimed. */
  USED(DenialCode.APPROVAL_USED),
  /** It, or its approver's key, was revoked. */
  WITHDRAWN(DenialCode.APPROVAL_WITHDRAWN),
  /** Its window is over. */
  EXPIRED(DenialCode.APPROVAL_EXPIRED),
  /** Its window has not begun. */
  NOT_YET_VALID(DenialCode.APPROVAL_NOT_YET_VALID),
  /** It is counted, for longer than the verifier remembers. */
  TOO_LONG(DenialCode.APPROVAL_TOO_LONG),
  /** It is counted, and the verifier cannot count beyond its own end. */
  NOT_COUNTED(DenialCode.APPROVAL_NOT_COUNTED),
  /** Nobody asked for this approver. */
  UNKNOWN_KEY(DenialCode.APPROVAL_UNKNOWN_KEY),
  /** It is for another call, service or token. */
  MISMATCH(DenialCode.APPROVAL_MISMATCH),
  /** It is for somebody who held the token before. */
  EARLIER_HOLDER(DenialCode.APPROVAL_FOR_EARLIER_HOLDER);

  private final DenialCode code;

  ApprovalStanding(DenialCode code) {
    this.code = code;
  }

  /** The denial code, if nothing nearer is there. */
  DenialCode code() {
    return code;
  }
}
