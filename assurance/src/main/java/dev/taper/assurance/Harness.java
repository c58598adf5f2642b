package dev.taper.assurance;

import java.time.Duration;
import java.util.Locale;

/**
 * Each harness has one reader of outside bytes, and what must hold for every input: the reader
 * refuses it with a documented code, or what it reads can be written and read again and is equal
 * (where nothing writes it: reads the same again, or what else the harness says); and it takes no
 * more than its {@link Limits}. All are stateless and thread-safe.
 */
public enum Harness {
  /** A token's bytes, with the blocks in them. */
  TOKEN_BYTES(TokenReaders::bytes),
  /** A token's text. */
  TOKEN_TEXT(TokenReaders::text),
  /** A token's bytes, read as a chain of delegations. */
  DELEGATION(TokenReaders::delegation),
  /** What a holder asks a third party to sign. */
  THIRD_PARTY_REQUEST(TokenReaders::thirdPartyRequest),
  /** A third party's answer, with the block in it. */
  THIRD_PARTY_BLOCK(TokenReaders::thirdPartyBlock),
  /** A stored authorizer. */
  SNAPSHOT(TokenReaders::snapshot),
  /** A holder's proof, as bytes. */
  PROOF(CallReaders::proof),
  /** A holder's proof, as text. */
  PROOF_TEXT(CallReaders::proofText),
  /** A tool call in JSON. */
  TOOL_CALL(CallReaders::toolCall),
  /** A name that may be a URL or a path, as a resource and as an argument. */
  RESOURCE(CallReaders::resource),
  /** An approval, as bytes. */
  APPROVAL(CallReaders::approval),
  /** What an approval says, between bytes of the harness. */
  APPROVAL_STATEMENT(CallReaders::approvalStatement),
  /** A request for an approval. */
  APPROVAL_REQUEST(CallReaders::approvalRequest),
  /** Datalog of a block. */
  DATALOG_BLOCK(TextReaders::block),
  /** Datalog of an authorizer. */
  DATALOG_AUTHORIZER(TextReaders::authorizer),
  /** The text form of grants. */
  GRANT(TextReaders::grant),
  /** The text form of a budget. */
  BUDGET(TextReaders::budget),
  /** A regular expression. */
  REGEX(TextReaders::regex),
  /** A policy file, laid out anew. */
  POLICY_FORMAT(TextReaders::policyFormat),
  /** The YAML of a policy's test cases. */
  POLICY_CASES(PolicyCasesReader::cases),
  /** A service's configuration in YAML. */
  CONFIG_YAML(ConfigReader::yaml),
  /** A service's configuration in properties. */
  CONFIG_PROPERTIES(ConfigReader::properties),
  /** An issuer's file. */
  ISSUER_FILE(SettingsReaders::issuer),
  /** A file that says how people sign in. */
  SIGN_IN_FILE(SettingsReaders::signIn),
  /** The catalog of a service's tools. */
  CATALOG(CatalogReaders::catalog),
  /** The tools that a server offers, of which a catalog is drafted. */
  CATALOG_DRAFT(CatalogReaders::draft),
  /** What an HTTP request presents: token, proof and approvals. */
  HTTP_CREDENTIALS(HttpReader::credentials),
  /** An HTTP request to a guarded service. */
  HTTP_REQUEST(HttpReader::request),
  /** What a holder asks to have approved. */
  HTTP_ASK(AskReader::ask),
  /** What is answered to an ask. */
  HTTP_ASK_ANSWER(AskReader::answer),
  /** What a service says of an ask to the agent that asks. */
  HTTP_ASK_TOLD(AnswerReaders::told),
  /** What a service says of an ask to whoever approves. */
  SERVICE_ASK(AnswerReaders::ask),
  /** An ask as a store gives it back. */
  KEPT_ASK(AskReader::kept),
  /** The field that names a trace. */
  TRACEPARENT(ShortTexts::traceparent),
  /** Fields that say again what stands in a call of a tool. */
  MIRRORED_FIELDS(CatalogReaders::mirrored),
  /** A message of the Model Context Protocol as JSON, before anything of it means something. */
  MCP_JSON(McpReader::json),
  /** A message as a server's transport reads it strictly. */
  MCP_STRICT(McpReader::strict),
  /** What a message of the Model Context Protocol presents. */
  MCP_META(McpReader::credentials),
  /** A message of the Model Context Protocol to a guarded server. */
  MCP_MESSAGE(McpReader::judged),
  /** A message between a client and a server, relayed. */
  RPC_MESSAGE(RpcReaders::message),
  /** What one pass finds in a message before anybody reads it. */
  RPC_OUTLINE(RpcReaders::outline),
  /** Lines of such messages. */
  RPC_LINES(RpcReaders::lines),
  /** A stream of server-sent events. */
  SSE_EVENTS(RpcReaders::events),
  /** A refusal that a server of the Model Context Protocol wrote. */
  MCP_REFUSAL(RefusalReaders::mcp),
  /** What a server's answer becomes for a model. */
  MODEL_REFUSAL(RefusalReaders::model),
  /** What a keeper is asked for: method and target in the first line, the content behind it. */
  KEEPER_REQUEST(KeeperReaders::request),
  /** What a keeper answers over HTTP. */
  KEEPER_ANSWER(KeeperReaders::answer),
  /** A message that a keeper is to sign. */
  KEEPER_MESSAGE(KeeperReaders::message),
  /** What an issuer answers to a keeper whose token it renews. */
  KEEPER_RENEWAL(KeeperReaders::renewal),
  /** What a service asks taper serve about a call that it got. */
  SERVE_DECIDE(ServeReader::decide),
  /** What somebody asks taper serve in the words of AuthZEN. */
  SERVE_AUTHZEN(ServeReader::authzen),
  /** What somebody searches for in the words of AuthZEN. */
  SERVE_AUTHZEN_SEARCH(ServeReader::search),
  /** What a proxy asks taper serve about a request. */
  SERVE_FORWARD(ServeReader::forward),
  /** What Envoy asks taper serve about a request. */
  SERVE_ENVOY(ServeReader::envoy),
  /** An agent's proof of an exchange, as text. */
  EXCHANGE_PROOF(IssuerReaders::proof),
  /** The form of a token exchange. */
  EXCHANGE_FORM(IssuerReaders::form),
  /** What an agent asks an issuer for. */
  EXCHANGE_DETAILS(IssuerReaders::details),
  /** A person's token, before anybody looks at its signature. */
  SUBJECT_TOKEN(IssuerReaders::subjectToken),
  /** A person's token, whole, by a provider's key. */
  IDENTITY_TOKEN(IdentityReaders::token),
  /** What stands in a person's token, header and claims, signed by the harness. */
  IDENTITY_CLAIMS(IdentityReaders::claims),
  /** The keys that a provider of sign-ins publishes, over HTTP: they are fetched four times. */
  PROVIDER_KEYS(ProviderKeyReader::keys, new Limits(Duration.ofSeconds(1), 256L << 20)),
  /** What a provider of sign-ins says of itself. */
  PROVIDER_DOCUMENT(IssuerReaders::provider),
  /** What an issuer answers to whoever wants a first token. */
  FIRST_TOKEN(AnswerReaders::firstToken),
  /** A form of a page of ours, and how its texts are shown. */
  PAGE_FORM(PeopleReaders::form),
  /** What an agent asks for when it enrols. */
  ENROLMENT_DETAILS(PeopleReaders::details),
  /** A file of enrolments. */
  ENROLMENTS_FILE(PeopleReaders::enrolments),
  /** A file of workloads. */
  WORKLOADS_FILE(PeopleReaders::workloads),
  /** What an issuer keeps of a person. */
  PERSON_FILE(PeopleReaders::person),
  /** What a page asks of the console. */
  CONSOLE_REQUEST(ConsoleReader::request),
  /** The asks that another machine relays to a console. */
  CONSOLE_RELAY(ConsoleReader::relay),
  /** A public or a private key as text. */
  KEY_TEXT(KeyReaders::text),
  /** A key in PEM. */
  PEM(KeyReaders::pem),
  /** An encrypted key in PEM: it says itself what its passphrase takes, within bounds. */
  LOCKED_PEM(KeyReaders::lockedPem, new Limits(Duration.ofSeconds(6), 192L << 20)),
  /** The file of keys whose calls a service holds back. */
  HELD_BACK_FILE(HeldBackReader::file),
  /** A set of root keys in JSON. */
  KEY_SET(KeyReaders::keySet),
  /** A file of names and their keys. */
  NAMES_FILE(NamesReader::names),
  /** A signed revocation list, whole. */
  REVOCATION_LIST(RevocationReaders::list),
  /** What stands in a revocation list, signed by the harness. */
  REVOCATION_CONTENT(RevocationReaders::content),
  /** The file that remembers the last list's number, summed by the harness. */
  REVOCATION_MEMORY(RevocationReaders::memory),
  /** What is to be revoked, a line each. */
  REVOCATION_LINES(RevocationReaders::lines),
  /** A counter of a budget in a folder. */
  BUDGET_FILE(MemoryReaders::budget),
  /** A journal of used proofs and approvals in a folder. */
  USES_FILE(MemoryReaders::uses),
  /** Words such as a fingerprint, an audience, a time. */
  WORD(ShortTexts::word),
  /** What a Valkey server sends, before anything is made of it. */
  VALKEY_ANSWER(ValkeyReaders::answer),
  /** A Valkey server's answer to a claim, as it sends it. */
  VALKEY_CLAIM(ValkeyReaders::claim),
  /** Its answer with revocation lists. */
  VALKEY_LISTS(ValkeyReaders::lists),
  /** Settings and state that it tells. */
  VALKEY_STATE(ValkeyReaders::state),
  /** What a store there says of itself. */
  VALKEY_NOTE(ValkeyReaders::note),
  /** One record of an audit log. */
  AUDIT_RECORD(AuditReaders::record),
  /** A whole audit log. */
  AUDIT_LOG(AuditReaders::log),
  /** What a holder states to who keeps an audit log. */
  AUDIT_STATEMENT(AuditReaders::statement);

  /** Takes one input. */
  @FunctionalInterface
  interface Reader {
    boolean accepts(byte[] input);
  }

  @SuppressWarnings("ImmutableEnumChecker") // a reference to a method that keeps nothing
  private final Reader reader;

  @SuppressWarnings("ImmutableEnumChecker") // a record of values
  private final Limits limits;

  Harness(Reader reader) {
    this(reader, Limits.OUTSIDE);
  }

  Harness(Reader reader, Limits limits) {
    this.reader = reader;
    this.limits = limits;
  }

  /**
   * Reads an input, and checks the laws and what that took.
   *
   * @return whether the reader took the input
   * @throws AssertionError if a law is broken; any other exception is the reader's own mistake
   */
  public boolean accepts(byte[] input) {
    return limits.read(reader, input);
  }

  /** The name on the command line and of the corpus folder, such as {@code token-bytes}. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The harness of a folder.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Harness of(String folder) {
    for (Harness harness : values()) {
      if (harness.folder().equals(folder)) {
        return harness;
      }
    }
    throw new IllegalArgumentException("there is no harness '" + folder + "'");
  }
}
