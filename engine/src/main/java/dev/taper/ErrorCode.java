package dev.taper;

import java.util.Locale;

/**
 * Stable codes of everything that can go wrong. A code is never renamed or reused; {@link #text()}
 * is its form in JSON and on the command line.
 */
public enum ErrorCode {
  /** The bytes are not a token: truncated, trailing, duplicated or unknown fields, wrong types. */
  MALFORMED_TOKEN(Category.FORMAT),
  /** A block's payload is not a valid Datalog block. */
  MALFORMED_BLOCK(Category.FORMAT),
  /** A third-party request or block is malformed. */
  MALFORMED_THIRD_PARTY(Category.FORMAT),
  /** An authorizer snapshot is malformed. */
  MALFORMED_SNAPSHOT(Category.FORMAT),
  /** Text that should be base64url is not. */
  INVALID_BASE64(Category.FORMAT),
  /** The Datalog or signature version is outside the range that is supported. */
  UNSUPPORTED_VERSION(Category.FORMAT),
  /** An element needs a newer Datalog version than its block declares. */
  FEATURE_NOT_IN_VERSION(Category.FORMAT),
  /** A symbol id is not in the table. */
  UNKNOWN_SYMBOL(Category.FORMAT),
  /** Two blocks declare the same symbol. */
  SYMBOL_TABLE_OVERLAP(Category.FORMAT),
  /** Two blocks declare the same public key. */
  PUBLIC_KEY_TABLE_OVERLAP(Category.FORMAT),
  /** A scope names a public key that is not in the table. */
  UNKNOWN_SCOPE_KEY(Category.FORMAT),
  /** A block's rule has a head variable that its body does not bind. */
  INVALID_BLOCK_RULE(Category.FORMAT),
  /** The token does not claim the delegation profile. */
  NOT_A_DELEGATION(Category.FORMAT),
  /** The token claims the delegation profile and breaks its rules. */
  PROFILE_VIOLATION(Category.FORMAT),
  /** A size, count or nesting limit was exceeded while decoding. */
  DECODE_LIMIT(Category.FORMAT),

  /** A signature does not verify. */
  INVALID_SIGNATURE(Category.SIGNATURE),
  /** A signature is not even well-formed. */
  MALFORMED_SIGNATURE(Category.SIGNATURE),
  /** No trusted root key fits the token. */
  UNKNOWN_ROOT_KEY(Category.SIGNATURE),
  /** The proof at the end of the token does not belong to its last block. */
  INVALID_PROOF(Category.SIGNATURE),
  /** The token is sealed: it cannot be extended or sealed again. */
  SEALED(Category.USAGE),

  /** A key is not well-formed, or not a valid point or scalar. */
  INVALID_KEY(Category.KEY),
  /** A PEM document is malformed, of another kind, or its passphrase is wrong. */
  INVALID_PEM(Category.KEY),
  /** A key set is malformed. */
  INVALID_KEY_SET(Category.KEY),
  /** The signer could not make a signature. */
  SIGNING_FAILED(Category.KEY),
  /** A file with a secret can be read or changed by others than its owner. */
  SECRET_EXPOSED(Category.KEY),
  /** A file of names and keys is malformed, not signed by a trusted key, or older than before. */
  INVALID_NAMES(Category.KEY),

  /** Datalog text does not parse. */
  SYNTAX(Category.LANGUAGE),
  /** A parameter in Datalog text has no value, or a value has no parameter. */
  PARAMETER(Category.LANGUAGE),
  /** A Datalog element is not valid: unbound variable, variable in a fact, nested set. */
  INVALID_DATALOG(Category.LANGUAGE),
  /** Test cases of a policy are not YAML, or do not have the form of cases. */
  INVALID_POLICY_CASE(Category.LANGUAGE),

  /** Integer arithmetic left the 64-bit range. */
  OVERFLOW(Category.EXECUTION),
  /** An integer was divided by zero. */
  DIVISION_BY_ZERO(Category.EXECUTION),
  /** An operation was applied to a value of a type it is not defined for. */
  INVALID_TYPE(Category.EXECUTION),
  /** A variable has no value. */
  UNKNOWN_VARIABLE(Category.EXECUTION),
  /** A closure parameter has the name of a variable already in scope. */
  SHADOWED_VARIABLE(Category.EXECUTION),
  /** No external function of that name is registered. */
  UNDEFINED_EXTERN(Category.EXECUTION),
  /** A registered external function failed. */
  EXTERN_FAILED(Category.EXECUTION),

  /** More facts than the run limit allows. */
  TOO_MANY_FACTS(Category.LIMIT),
  /** More iterations than the run limit allows. */
  TOO_MANY_ITERATIONS(Category.LIMIT),
  /** More evaluation steps than the run limit allows. */
  TOO_MUCH_WORK(Category.LIMIT),
  /** Evaluation took longer than the run limit allows, or the call's own time was used up. */
  TIMEOUT(Category.LIMIT),

  /** A request is malformed: not the JSON it must be, an unusable name, or beyond a limit. */
  INVALID_REQUEST(Category.REQUEST),
  /** A resource could be read in more than one way. */
  AMBIGUOUS_RESOURCE(Category.REQUEST),
  /** A URL could be read in more than one way. */
  AMBIGUOUS_URL(Category.REQUEST),
  /** A path could be read in more than one way. */
  AMBIGUOUS_PATH(Category.REQUEST),
  /** The value of a request's argument cannot be stated exactly. */
  INVALID_ARGUMENT_VALUE(Category.REQUEST),
  /** The service's catalog has no such tool, route or method. */
  UNKNOWN_TOOL(Category.REQUEST),
  /** The service's catalog names no such argument, so nobody would judge it. */
  UNKNOWN_ARGUMENT(Category.REQUEST),
  /** An argument is not of the type that the service's catalog names. */
  INVALID_ARGUMENT_TYPE(Category.REQUEST),
  /** What a request means depends on its content, and only the digest of that is known. */
  CONTENT_NOT_SEEN(Category.REQUEST),
  /** A catalog is not of the form it must be. */
  INVALID_CATALOG(Category.LANGUAGE),

  /** The bytes are not a holder's proof. */
  MALFORMED_HOLDER_PROOF(Category.PROOF),
  /** The holder's proof was made for another token, or with another key. */
  HOLDER_PROOF_MISMATCH(Category.PROOF),
  /** The holder's proof was made for another request: another service, call or approvals. */
  REQUEST_MISMATCH(Category.PROOF),
  /** The holder's proof was made too long ago. */
  HOLDER_PROOF_EXPIRED(Category.PROOF),
  /** The holder's proof was made in the future, further than clocks may differ. */
  HOLDER_PROOF_NOT_YET_VALID(Category.PROOF),
  /** The holder's proof was used before. */
  HOLDER_PROOF_REPLAYED(Category.PROOF),
  /** The replay memory has no room for another proof. */
  REPLAY_CACHE_FULL(Category.LIMIT),
  /** It cannot be found out now whether a proof was used before. */
  REPLAY_CACHE_UNAVAILABLE(Category.LIMIT),

  /** There is no room to remember that another counted approval was used. */
  APPROVAL_USES_FULL(Category.LIMIT),
  /** It cannot be found out now how often a counted approval was used before. */
  APPROVAL_USES_UNAVAILABLE(Category.LIMIT),
  /** There is no room to count another budget. */
  BUDGETS_FULL(Category.LIMIT),
  /** What is left of a budget cannot be found out now. */
  BUDGET_UNAVAILABLE(Category.LIMIT),
  /** There are too many calls just now: nothing of this one was looked at. */
  OVERLOADED(Category.LIMIT),
  /** The bytes are not an approval, or the approvals beside a token are not in their one form. */
  MALFORMED_APPROVAL(Category.FORMAT),
  /** The bytes are not a request for an approval. */
  MALFORMED_APPROVAL_REQUEST(Category.FORMAT),
  /** What a caller was answered is no refusal that it can read. */
  MALFORMED_REFUSAL(Category.FORMAT),

  /** A database cannot be reached, or refuses the login. */
  DATABASE_UNAVAILABLE(Category.STORE),
  /** A database refused what was asked of it. */
  DATABASE_FAILED(Category.STORE),
  /** A database was made by a newer program, or holds something else. */
  DATABASE_SCHEMA(Category.STORE),

  /**
   * A file of keys or names, or another one that a verifier works by, cannot be read or written.
   */
  FILE_UNAVAILABLE(Category.STORE),
  /** A file that a service works by can be changed by somebody who does not own it. */
  FILE_EXPOSED(Category.STORE),

  /** A line of an audit log is not a record, or not in a record's one form. */
  MALFORMED_AUDIT_RECORD(Category.FORMAT),
  /** An audit log cannot be continued, because its contents were changed. */
  AUDIT_CORRUPT(Category.STORE),
  /** Another writer has the audit log open. */
  AUDIT_LOCKED(Category.STORE),
  /** Another process continued the audit log that several share; the log tries again. */
  AUDIT_MOVED(Category.STORE),
  /** A record could not be written to the audit log, or not in time. */
  AUDIT_UNAVAILABLE(Category.STORE),

  /** The bytes are not a signed revocation list, or only a part of one. */
  MALFORMED_REVOCATIONS(Category.FORMAT),
  /** A revocation list is signed by a key that is not trusted for it. */
  UNKNOWN_REVOCATION_KEY(Category.SIGNATURE),
  /** A revocation list is older than one seen before, or contradicts one of the same number. */
  REVOCATIONS_ROLLED_BACK(Category.REVOCATION),
  /** A revocation delta adds to a list that is missing: a snapshot is needed. */
  REVOCATIONS_INCOMPLETE(Category.REVOCATION),
  /** A revocation snapshot leaves out an entry that has not ended, without lifting it. */
  REVOCATIONS_DROPPED(Category.REVOCATION),
  /** A revocation list is issued in the future, further than clocks may differ. */
  REVOCATIONS_NOT_YET_VALID(Category.REVOCATION),
  /** The private copy of a revocation list does not fit on the disk where it would be kept. */
  REVOCATIONS_TOO_LARGE(Category.REVOCATION),
  /** The number of the last revocation list cannot be read back, or cannot be kept. */
  REVOCATION_MEMORY(Category.REVOCATION),

  /** A strict delegation would have had a warning. */
  DELEGATION_WARNING(Category.USAGE),
  /** An argument of a call makes no sense. */
  INVALID_ARGUMENT(Category.USAGE);

  /** The kinds of failure that codes stand for. */
  public enum Category {
    /** The bytes do not have the form they must have. */
    FORMAT,
    /** The bytes are well-formed but not signed by the key that they claim. */
    SIGNATURE,
    /** A key or signer cannot be used. */
    KEY,
    /** Datalog text or structure is wrong. */
    LANGUAGE,
    /** Evaluation ended with an error. */
    EXECUTION,
    /** Evaluation was stopped by a limit. */
    LIMIT,
    /** A request to be authorized cannot be stated without doubt. */
    REQUEST,
    /**
     * A holder's proof does not show that the holder made this request, now, for the first time.
     */
    PROOF,
    /** Data that must be kept cannot be kept, or cannot be looked up. */
    STORE,
    /** A revocation list is good in itself, but cannot be taken now. */
    REVOCATION,
    /** The call itself was wrong. */
    USAGE
  }

  private final Category category;
  private final String text;

  ErrorCode(Category category) {
    this.category = category;
    this.text = name().toLowerCase(Locale.ROOT);
  }

  /** The kind of failure. */
  public Category category() {
    return category;
  }

  /** The code in lower case with underscores, as printed and logged. */
  public String text() {
    return text;
  }
}
