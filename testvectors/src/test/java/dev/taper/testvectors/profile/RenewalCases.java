package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** How a holder asks its issuer for a later end, and what it makes of the answer. */
final class RenewalCases {
  private static final String ORIGIN = "https://issuer.example.com";
  private static final String TARGET = "/v1/renew";
  private static final String ISSUER = "svc:issuer";
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";
  private static final String LESS = "jira.search read on jira:project/ACME/*";
  private static final int MOST_BYTES = 16_384;
  private static final int MOST_CHARACTERS = 8_192;

  private final Cases cases =
      new Cases(
          "renewals",
          "A holder of a token has it renewed (docs/binding.md, renewals): the request that it"
              + " sends, and what it makes of the answer.");

  private RenewalCases() {}

  static JsonNode file() {
    RenewalCases all = new RenewalCases();
    all.addRenewals();
    all.addAnswersThatAreNone();
    all.addOtherTokens();
    all.addRefusals();
    return all.cases.file();
  }

  private static Chain minted(
      String names, String grants, PrivateKey root, PublicKey holder, Duration end) {
    return Chain.empty().then(Story.block(Story.CONTEXT, names, grants, end), root, holder, 1);
  }

  /** The planner's token with a later end. */
  private static Chain later() {
    return minted(
        Story.STATED, Story.GRANT, Cast.ROOT, Cast.PLANNER.publicKey(), Duration.ofHours(3));
  }

  private static String text(Chain chain) {
    return Messages.base64(chain.held());
  }

  private static String renewal(String token) {
    return "{\"format\":\"taper/1 renewal\",\"token\":\"" + token + "\"}";
  }

  private static ObjectNode answer(int status, String type, String content) {
    List<List<String>> fields =
        type.isEmpty()
            ? List.of(List.of("Cache-Control", "no-store"))
            : List.of(List.of("Content-Type", type), List.of("Cache-Control", "no-store"));
    return Json.object("status", status, "fields", fields, "content", content);
  }

  private void add(String name, ObjectNode answer, ObjectNode expect) {
    add(name, "planner", Cast.PLANNER, Story.planner(), answer, expect);
  }

  private void add(
      String name,
      String holder,
      PrivateKey key,
      Chain token,
      ObjectNode answer,
      ObjectNode expect) {
    byte[] state = Objects.requireNonNull(token.state());
    Sent sent = Sent.http("POST", ORIGIN, TARGET);
    byte[] header =
        Messages.proofHeader(key, sent.form(), Cast.NOON.toEpochMilli(), ProofCases.NONCE);
    String proof =
        ProofCases.proof(key, state, ISSUER, List.of(), sent, Cast.NOON, ProofCases.NONCE);
    ObjectNode request =
        Json.object(
            "method",
            "POST",
            "origin",
            ORIGIN,
            "target",
            TARGET,
            "fields",
            List.of(
                List.of("Authorization", "Taper " + text(token)), List.of("Taper-Proof", proof)),
            "message",
            Messages.proof(header, ProofCases.digests(state, ISSUER, List.of(), sent)));
    cases.add(
        name,
        null,
        "holder",
        holder,
        "key",
        key.publicKey(),
        "token",
        text(token),
        "url",
        ORIGIN + TARGET,
        "issuer",
        ISSUER,
        "time",
        Cast.NOON.toEpochMilli(),
        "nonce",
        ProofCases.NONCE,
        "request",
        request,
        "answer",
        answer,
        "expect",
        expect);
  }

  private static ObjectNode renewed(String token) {
    return Json.object("outcome", "renewed", "token", token);
  }

  private void renewed(String name, Chain chain) {
    add(name, answer(200, JSON, renewal(text(chain))), renewed(text(chain)));
  }

  private void addRenewals() {
    renewed("a later end", later());
    PublicKey planner = Cast.PLANNER.publicKey();
    renewed("less authority", minted(Story.STATED, LESS, Cast.ROOT, planner, Duration.ofHours(3)));
    renewed(
        "a new root key",
        minted(Story.STATED, Story.GRANT, Cast.ROOT_P256, planner, Duration.ofHours(3)));
    String token = text(later());
    add(
        "members that nobody knows, and white space",
        answer(
            200,
            JSON,
            " { \"region\" : [ 1 ],\n\"token\":\""
                + token
                + "\", \"format\" : \"taper/1 renewal\" } \n"),
        renewed(token));
    add(
        "a type with a parameter",
        answer(200, "Application/JSON; charset=utf-8", renewal(token)),
        renewed(token));
    String spaces = " ".repeat(MOST_BYTES - renewal(token).length());
    add("as long as can be", answer(200, JSON, renewal(token) + spaces), renewed(token));
    Chain narrowed = Story.own(Story.planner(), "check if tool(\"jira.search\");");
    add(
        "a token with a block of its holder's own",
        "planner",
        Cast.PLANNER,
        narrowed,
        answer(200, JSON, renewal(token)),
        renewed(token));
    String scraping =
        "delegator(\"user:alice@acme.com\"); holder(\"agent:scraper\"); task(\"T-4711\");";
    PublicKey scraper = Cast.SCRAPER.publicKey();
    Chain present = minted(scraping, LESS, Cast.ROOT, scraper, Duration.ofHours(1));
    Chain next = minted(scraping, LESS, Cast.ROOT, scraper, Duration.ofHours(3));
    add(
        "a key of P-256",
        "scraper",
        Cast.SCRAPER,
        present,
        answer(200, JSON, renewal(text(next))),
        renewed(text(next)));
  }

  private void none(String name, ObjectNode answer) {
    add(name, answer, Json.object("outcome", "no_renewal"));
  }

  private void none(String name, String content) {
    none(name, answer(200, JSON, content));
  }

  private void addAnswersThatAreNone() {
    String token = text(later());
    String good = renewal(token);
    none("another status", answer(201, JSON, good));
    none("no content", answer(204, "", ""));
    none("a redirect, which is not followed", answer(307, "", ""));
    none("another type", answer(200, "text/plain", good));
    none("no type", answer(200, "", good));
    none("a problem with a good status", answer(200, PROBLEM, good));
    none("content of no bytes", "");
    none("no JSON", "renewed");
    none("no object", "[" + good + "]");
    none("something behind the end", good + "{}");
    none("too long by a byte", good + " ".repeat(MOST_BYTES + 1 - good.length()));
    none("no format", "{\"token\":\"" + token + "\"}");
    none("another format", good.replace("taper/1", "taper/2"));
    none("no token", "{\"format\":\"taper/1 renewal\"}");
    none("a token that is no text", good.replace("\"" + token + "\"", "1"));
    none("a token that is null", good.replace("\"" + token + "\"", "null"));
    none("two tokens", good.replace("}", ",\"token\":\"" + token + "\"}"));
    none("a token that is too long", renewal("A".repeat(MOST_CHARACTERS + 1)));
    none("a token in other letters", renewal("+" + token.substring(1)));
    none("a malformed token", renewal("AAAA"));
    none("a token that was cut", renewal(token.substring(0, token.length() - 8)));
    none("a bearer token", renewal(Messages.base64(Story.bearer().bearer(Cast.THROW_AWAY))));
    none("a sealed token", renewal(Messages.base64(later().sealed(Cast.PLANNER))));
    Chain plain = Chain.empty().then("user(\"alice\");", Cast.ROOT, Cast.PLANNER.publicKey());
    none("a token that is no delegation", renewal(text(plain)));
  }

  private void other(String name, Chain chain) {
    add(name, answer(200, JSON, renewal(text(chain))), Json.object("outcome", "other_token"));
  }

  private void addOtherTokens() {
    PublicKey planner = Cast.PLANNER.publicKey();
    Duration end = Duration.ofHours(3);
    other(
        "a token of another key",
        minted(Story.STATED, Story.GRANT, Cast.ROOT, Cast.PLANNER_2.publicKey(), end));
    for (String said : List.of("user:alice@acme.com", "agent:planner", "T-4711")) {
      String names = Story.STATED.replace(said, said + "x");
      other(
          "a token with another name than " + said,
          minted(names, Story.GRANT, Cast.ROOT, planner, end));
    }
    other(
        "a token that was handed on",
        later().then("holder(\"agent:researcher\");", Cast.PLANNER, Cast.RESEARCHER.publicKey()));
  }

  private void refused(String name, int status, String code, String outcome) {
    String problem = "{\"status\":%d,\"code\":\"%s\"}".formatted(status, code);
    add(
        name,
        answer(status, PROBLEM, problem),
        Json.object("outcome", outcome, "status", status, "code", code));
  }

  private void addRefusals() {
    refused("a request that is none", 400, "invalid_request", "another_request");
    refused("a token that has ended", 401, "expired", "another_token_or_proof");
    refused("a token that is revoked", 401, "revoked", "another_token_or_proof");
    refused("a proof that is too old", 401, "proof_expired", "another_token_or_proof");
    refused("no issuer", 404, "unknown_tool", "another_request");
    refused("an issuer that cannot know", 503, "revocation_stale", "later");
    add(
        "a token that is not renewed",
        answer(
            403,
            PROBLEM,
            "{\"status\":403,\"code\":\"not_renewable\",\"detail\":\"it was handed on\"}"),
        Json.object(
            "outcome",
            "not_allowed",
            "status",
            403,
            "code",
            "not_renewable",
            "detail",
            "it was handed on"));
    add(
        "a refusal with a good token in it",
        answer(403, JSON, renewal(text(later()))),
        Json.object("outcome", "not_allowed", "status", 403));
    add(
        "another server's refusal",
        answer(500, "text/html", "<h1>Error</h1>"),
        Json.object("outcome", "another_request", "status", 500));
  }
}
