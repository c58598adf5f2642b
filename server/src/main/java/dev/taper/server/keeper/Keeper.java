package dev.taper.server.keeper;

import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.server.keeper.KeeperRequest.AddToken;
import dev.taper.server.keeper.KeeperRequest.Delegate;
import dev.taper.server.keeper.KeeperRequest.NewKey;
import dev.taper.server.keeper.KeeperRequest.Renew;
import dev.taper.server.keeper.KeeperRequest.RenewAt;
import dev.taper.server.keeper.KeeperRequest.Sign;
import dev.taper.server.keeper.KeeperRequest.Terms;
import dev.taper.server.keeper.KeeperRequest.Unlock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is asked: keeps keys and tokens, and uses them. It signs what it builds itself, or
 * knows. Thread-safe.
 */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  /**
   * What its user has decided.
   *
   * @param lifetime after what time keys and tokens are forgotten that do not say; null for never
   * @param namesOnly whether tokens are handed on to agents of the file of names alone
   */
  record Rules(@Nullable Duration lifetime, boolean namesOnly) {}

  private final KeyRing keys;
  private final TokenShelf shelf;
  private final KeeperNames names;
  private final KeyUse use;
  private final Rules rules;
  private final Clock clock;

  private final ProofDesk proofs;
  private final ExchangeDesk exchanges;
  private final AskDesk asks;
  private final RenewalDesk renewals;

  Keeper(KeyRing keys, TokenShelf shelf, KeeperNames names, KeyUse use, Rules rules, Clock clock) {
    this.keys = keys;
    this.shelf = shelf;
    this.names = names;
    this.use = use;
    this.rules = rules;
    this.clock = clock;

    this.proofs = new ProofDesk(shelf, use, clock);
    this.exchanges = new ExchangeDesk(use, clock);
    OtherServers servers = new OtherServers();
    this.asks = new AskDesk(shelf, use, servers, clock);
    this.renewals = new RenewalDesk(use, servers, clock);
  }

  /**
   * Answers a request.
   *
   * @return the members of one JSON object
   * @throws KeeperRefusal if it is not done
   */
  JsonFields answer(KeeperRequest request) {
    forgetEnded();
    try {
      return done(request);
    } catch (TaperException e) {
      throw KeeperRefusal.of(e);
    } catch (OperationException e) {
      throw KeeperRefusal.unavailable(503, e.code(), String.valueOf(e.getMessage()), e);
    }
  }

  private JsonFields done(KeeperRequest request) {
    if (request instanceof KeeperRequest.Prove prove) {
      return proofs.prove(prove);
    } else if (request instanceof KeeperRequest.ProveExchange prove) {
      return exchanges.prove(prove, keys.get(prove.key()));
    } else if (request instanceof Sign sign) {
      return sign(sign);
    } else if (request instanceof Delegate delegate) {
      return delegate(delegate);
    } else if (request instanceof KeeperRequest.Ask ask) {
      return asks.ask(ask);
    } else if (request instanceof KeeperRequest.AwaitAsk await) {
      return asks.await(await);
    } else if (request instanceof Renew renew) {
      return renew(renew);
    } else if (request instanceof NewKey newKey) {
      return newKey(newKey);
    } else if (request instanceof AddToken add) {
      return add(add);
    } else if (request instanceof KeeperRequest.ForgetKey forget) {
      return forgetKey(forget.name());
    } else if (request instanceof KeeperRequest.ForgetToken forget) {
      shelf.forget(forget.name());
      LOG.info("forgot the token {}", forget.name());
      return new JsonFields();
    } else if (request instanceof Unlock unlock) {
      return unlock(unlock);
    } else if (request instanceof KeeperRequest.Lock) {
      keys.lock();
      LOG.info("locked");
      return new JsonFields();
    }
    return shown(request);
  }

  private JsonFields shown(KeeperRequest request) {
    if (request instanceof KeeperRequest.GetKey get) {
      return shown(keys.get(get.name()));
    } else if (request instanceof KeeperRequest.GetToken get) {
      return shown(shelf.get(get.name()));
    } else if (request instanceof KeeperRequest.ListKeys) {
      return new JsonFields().rows("keys", keys.list(), this::shown);
    } else if (request instanceof KeeperRequest.ListTokens) {
      return new JsonFields().rows("tokens", shelf.list(), this::shown);
    } else if (request instanceof KeeperRequest.ListNames) {
      return names.shown();
    }
    return new JsonFields()
        .put("format", "taper/1 keeper")
        .put("locked", keys.isLocked())
        .put("keys", keys.list().size())
        .put("tokens", shelf.list().size());
  }

  private JsonFields shown(HeldKey key) {
    return key.shown(use.isConfirmed(key));
  }

  private JsonFields shown(HeldToken token) {
    HeldKey key = keys.of(token.token().token().holderKey());
    return token.shown(key == null ? "" : key.name());
  }

  private @Nullable Instant end(@Nullable Duration lifetime) {
    Duration time = lifetime == null ? rules.lifetime() : lifetime;
    return time == null ? null : clock.instant().plus(time);
  }

  private JsonFields newKey(NewKey request) {
    HeldKey made = keys.make(request, end(request.lifetime()));
    LOG.info("made the key {}, {}", made.name(), made.key());
    return shown(made);
  }

  private JsonFields forgetKey(String name) {
    HeldKey key = keys.get(name);
    keys.forget(name);
    LOG.info("forgot the key {}", name);
    forgetTokensOf(key);
    return new JsonFields();
  }

  /** Nobody can use them any more. */
  private void forgetTokensOf(HeldKey key) {
    for (HeldToken token : shelf.list()) {
      if (token.token().token().holderKey().equals(key.key())) {
        shelf.forget(token.name());
      }
    }
  }

  /** Forgets what has ended; cheap if nothing has. What cannot be deleted is not used any more. */
  void forgetEnded() {
    for (HeldKey key : keys.forgetEnded()) {
      try {
        forgetTokensOf(key);
      } catch (KeeperRefusal e) {
        LOG.warn("a token without its key could not be deleted: {}", e.detail());
      }
    }
    shelf.forgetEnded();
  }

  private JsonFields add(AddToken request) {
    AgentToken token = TokenShelf.held(request.token());
    if (keys.of(token.token().holderKey()) == null) {
      throw KeeperRefusal.of(
          409,
          "unknown_key",
          "the keeper does not have the key that holds this token: " + token.token().holderKey());
    }
    HeldToken kept =
        new HeldToken(
            request.name(), token, request.audiences(), request.renew(), end(request.lifetime()));
    shelf.put(kept, request.replaces());
    LOG.info("keeps the token {}", kept.name());
    return shown(kept);
  }

  private JsonFields unlock(Unlock request) {
    char[] passphrase = chars(request.passphrase());
    char[] pin = chars(request.pin());
    try {
      keys.unlock(passphrase, pin);
      LOG.info("unlocked");
      return new JsonFields();
    } catch (KeeperRefusal e) {
      LOG.warn("not unlocked: {}", e.code());
      throw e;
    } finally {
      wipe(passphrase);
      wipe(pin);
    }
  }

  private static char @Nullable [] chars(@Nullable String text) {
    return text == null ? null : text.toCharArray();
  }

  /** Overwrites a secret, if there is one. */
  static void wipe(char @Nullable [] secret) {
    if (secret != null) {
      Arrays.fill(secret, '\0');
    }
  }

  private JsonFields sign(Sign request) {
    HeldKey key = keys.get(request.key());
    SignedMessage message = SignedMessage.recognise(request.message(), key.key());
    if (rules.namesOnly() && message.isHandingOn() && !isOfTheFile(message, key)) {
      throw namesOnly();
    }
    Signer signer =
        use.of(
            key,
            Question.shown(message.words(), Question.digest(request.message())),
            message.words());
    String signature =
        Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign(request.message()));
    return new JsonFields().put("signature", signature);
  }

  /**
   * True if nobody but the key's own holder and the agents of the file can use what comes of it.
   */
  private boolean isOfTheFile(SignedMessage message, HeldKey key) {
    PublicKey next = message.next();
    return next != null && (next.equals(key.key()) || names.knows(next));
  }

  private static KeeperRefusal namesOnly() {
    return KeeperRefusal.of(
        403, "names_only", "the keeper hands on to agents of its file of names alone");
  }

  private JsonFields delegate(Delegate request) {
    Agent next = request.agent();
    if (next != null && rules.namesOnly() && !names.knows(next)) {
      throw namesOnly();
    }
    if (next == null) {
      next = names.agent(String.valueOf(request.name()));
    }
    AgentToken token = shelf.token(request.token());
    Hop hop = hop(Hop.to(next), request.terms());
    String what =
        "hand the task "
            + token.chain().task().id()
            + " of "
            + token.chain().delegator()
            + " on to "
            + next;
    ShownCall shown =
        Question.shown(
            List.of(new ShownCall.Row("to", what)),
            ShownCall.Given.arguments(grants(request.terms())),
            List.of());
    Signer signer = use.of(token.token().holderKey(), shown, what);
    AgentToken narrower = token.delegate(signer, hop, clock);
    List<String> warnings = narrower.warnings().stream().map(Delegation.Warning::text).toList();
    return new JsonFields().put("token", narrower.encodeBase64()).put("warnings", warnings);
  }

  /** What the next holder may do, one by one; what narrows that further is not asked about. */
  private static Map<String, String> grants(Terms terms) {
    Map<String, String> grants = new TreeMap<>();
    for (int i = 0; i < terms.grants().size(); i++) {
      String name = String.format(Locale.ROOT, "may, %d", i + 1);
      grants.put(name, CanonicalJson.quoted(terms.grants().get(i)));
    }
    return grants.isEmpty() ? Map.of("may", CanonicalJson.quoted("all that is left")) : grants;
  }

  private static Hop hop(Hop start, Terms terms) {
    Hop hop = start;
    for (String grant : terms.grants()) {
      hop = hop.grant(grant);
    }
    for (String budget : terms.budgets()) {
      hop = hop.budget(budget);
    }
    if (terms.lifetime() != null) {
      hop = hop.expiresIn(terms.lifetime());
    }
    if (terms.expires() != null) {
      hop = hop.expiresAt(terms.expires());
    }
    if (!terms.audiences().isEmpty()) {
      hop = hop.audience(terms.audiences().toArray(new String[0]));
    }
    if (terms.maxDepth() != null) {
      hop = hop.maxDepth(terms.maxDepth());
    }
    hop = terms.isForVerifiedHolders() ? hop.verifiedHolderOnly() : hop;
    return terms.isStrict() ? hop.strict() : hop;
  }

  private JsonFields renew(Renew request) {
    HeldToken kept = shelf.get(request.token());
    RenewAt at = request.at() == null ? kept.renew() : request.at();
    if (at == null) {
      throw KeeperRefusal.of(
          409, "no_issuer", "the keeper was not told where this token is renewed");
    }
    AgentToken later = renewals.renew(kept.token(), at);
    HeldToken renewed =
        new HeldToken(kept.name(), later, kept.audiences(), kept.renew(), kept.until());
    shelf.put(renewed, true);
    LOG.info("renewed the token {}", kept.name());
    return shown(renewed);
  }
}
