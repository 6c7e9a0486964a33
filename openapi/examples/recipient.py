#!/usr/bin/env python3
"""A recipient in one file: Python 3.9, pika (AMQP), cryptography (signatures), nothing else.

  recipient.py run [COUNT]            read events until COUNT are handled, or for ever
  recipient.py verify BODY-FILE JWS   check one event's signature
  recipient.py token                  print an access token, for curl

Told by the environment: API (base URL of the public API), AMQP_URL, RECIPIENT (your code), CLIENT_ID, CLIENT_KEY (file with
the private JWK), DOSSIERS (SQLite file). It is an example: it says «accepted» of whatever it gets.
"""
import base64, hashlib, json, os, signal, sqlite3, sys, time, urllib.error, urllib.parse, urllib.request, uuid
from datetime import datetime, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.hashes import SHA256

API = os.environ.get("API", "http://localhost:8080/minaintyg/v1")
AMQP_URL = os.environ.get("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
RECIPIENT = os.environ.get("RECIPIENT", "TRANSP")
CLIENT_ID = os.environ.get("CLIENT_ID", "transportstyrelsen")
REQUESTED = "se.minaintyg.dispatch.requested.v1"
REVOKED = "se.minaintyg.dispatch.revoked.v1"


class Poison(Exception):
    """No second attempt will make it good: to the dead letters."""


class Revoked(Exception):
    """410: the patient or the journal has taken the dispatch back."""


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def http(url, headers=None, form=None):
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(urllib.request.Request(url, data, headers or {}), timeout=30) as answer:
        return answer.read()


# --- Signature: a detached JWS over the exact bytes of the body ---------------------------------------------------

known_keys, keys_read_at = {}, 0.0


def key_of(kid):
    global known_keys, keys_read_at
    if kid not in known_keys and time.monotonic() - keys_read_at > 5:
        known_keys = {key["kid"]: key for key in json.loads(http(f"{API}/.well-known/jwks.json"))["keys"]}
        keys_read_at = time.monotonic()
    return known_keys.get(kid)


def verify(body, jws):
    try:
        header, payload, signature = jws.split(".")
        fields = json.loads(unb64(header))
        if payload != "" or fields["alg"] not in ("EdDSA", "Ed25519") or "crit" in fields:
            raise Poison("no detached EdDSA signature")
        key = key_of(fields["kid"])
        if key is None or key.get("crv") != "Ed25519":
            raise Poison("signed with a key that is not Mina intyg's")
        public = ed25519.Ed25519PublicKey.from_public_bytes(unb64(key["x"]))
        public.verify(unb64(signature), f"{header}.{b64(body)}".encode())
    except (InvalidSignature, ValueError, KeyError, AttributeError) as error:
        raise Poison(f"the signature does not hold: {type(error).__name__}") from error


# --- Token: client_credentials with private_key_jwt (ES256) -------------------------------------------------------

token, token_until = "", 0.0


def access_token():
    global token, token_until
    if time.time() < token_until:
        return token
    with open(os.environ["CLIENT_KEY"]) as file:
        jwk = json.load(file)
    private = ec.derive_private_key(int.from_bytes(unb64(jwk["d"]), "big"), ec.SECP256R1())
    now = int(time.time())
    head = {"alg": "ES256", "typ": "JWT", "kid": jwk["kid"]}
    claims = {"iss": CLIENT_ID, "sub": CLIENT_ID, "aud": API, "jti": str(uuid.uuid4()), "iat": now, "exp": now + 60}
    signed = ".".join(b64(json.dumps(part).encode()) for part in (head, claims))
    r, s = utils.decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(SHA256())))
    answer = json.loads(http(f"{API}/oauth/token", form={
        "grant_type": "client_credentials",
        "scope": "recipient",
        "resource": "urn:minaintyg:dispatch",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": f"{signed}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}",
    }))
    token, token_until = answer["access_token"], time.time() + answer["expires_in"] - 30
    return token


def forget_token():
    global token_until
    token_until = 0.0


# --- Document -----------------------------------------------------------------------------------------------------

def fetch(document):
    if not document["dataref"].startswith(f"{API}/"):
        raise Poison("the document lies outside the API: the token goes nowhere else")
    try:
        xml = http(document["dataref"], {"Authorization": f"Bearer {access_token()}", "Accept": "application/xml"})
    except urllib.error.HTTPError as error:
        if error.code == 410:
            raise Revoked from error
        if error.code == 401:
            forget_token()
        if error.code in (400, 403, 404):
            raise Poison(f"the document answered {error.code}") from error
        raise
    if len(xml) != document["size"] or hashlib.sha256(xml).hexdigest() != document["sha256"]:
        raise Poison("the document is not the one that the event tells of")
    return xml


# --- Your books: the effect and the memory of the event commit together -------------------------------------------

def open_books():
    books = sqlite3.connect(os.environ.get("DOSSIERS", "dossiers.sqlite"))
    books.execute("create table if not exists seen (event_id text primary key, receipts text not null)")
    books.execute("create table if not exists dossier (dispatch_id text primary key, type text, document blob)")
    return books


def handle(books, body, jws):
    """Has its effect once. Returns the receipts: the same ones, however often the event comes."""
    if jws is None:
        raise Poison("not signed")
    verify(body, jws)
    event = json.loads(body)
    data = event["data"]
    if event["type"] not in (REQUESTED, REVOKED):
        return []  # new types may come without notice
    if data["recipientId"] != RECIPIENT:
        raise Poison("for another recipient")
    seen = books.execute("select receipts from seen where event_id = ?", (event["id"],)).fetchone()
    if seen:
        return json.loads(seen[0])
    receipts = []
    with books:
        if event["type"] == REVOKED:
            books.execute("delete from dossier where dispatch_id = ?", (data["dispatchId"],))
        else:
            try:
                row = (data["dispatchId"], data["certificate"]["type"], fetch(data["document"]))
                books.execute("insert or replace into dossier values (?, ?, ?)", row)
                receipts = [receipt(event, kind) for kind in ("received", "accepted")]
            except Revoked:
                pass
        books.execute("insert into seen values (?, ?)", (event["id"], json.dumps(receipts)))
    return receipts


def receipt(event, kind, **words):
    at = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    dispatch = event["data"]["dispatchId"]
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid5(uuid.UUID(event["id"]), kind)),  # sent again it is the same receipt
        "type": f"se.minaintyg.receipt.{kind}.v1",
        "source": f"/recipients/{RECIPIENT}",
        "time": at,
        "subject": dispatch,
        "datacontenttype": "application/json",
        "data": {"dispatchId": dispatch, "at": at, **words},
    }


# --- The bus ------------------------------------------------------------------------------------------------------

def run(count):
    import pika

    address = pika.URLParameters(AMQP_URL)
    connection = pika.BlockingConnection(address)
    channel = connection.channel()
    channel.confirm_delivery()
    channel.basic_qos(prefetch_count=10)
    books, handled = open_books(), 0

    def send(each):
        properties = pika.BasicProperties(
            delivery_mode=2, content_type="application/cloudevents+json",
            message_id=each["id"], user_id=address.credentials.username)
        # Mandatory and confirmed: raises where nobody has it. Then the event comes again, and the same receipts.
        channel.basic_publish("minaintyg.receipts", f"{RECIPIENT}.{each['type']}", json.dumps(each).encode(),
                              properties, mandatory=True)

    def on_event(_channel, method, properties, body):
        nonlocal handled
        try:
            for each in handle(books, body, (properties.headers or {}).get("x-jws-signature")):
                send(each)
                print(each["type"], each["subject"], flush=True)
            channel.basic_ack(method.delivery_tag)
        except Poison as reason:
            print("dead letter:", reason, file=sys.stderr, flush=True)
            channel.basic_reject(method.delivery_tag, requeue=False)
        except (OSError, pika.exceptions.UnroutableError, pika.exceptions.NackError, sqlite3.Error) as reason:
            print("again later:", type(reason).__name__, file=sys.stderr, flush=True)
            attempts = (properties.headers or {}).get("x-delivery-count", 0)
            connection.sleep(min(30, 2 ** min(attempts, 5)))  # keeps the heartbeat
            channel.basic_reject(method.delivery_tag, requeue=True)
            return
        handled += 1
        if handled == count:
            channel.stop_consuming()

    signal.signal(signal.SIGTERM, lambda *_: connection.add_callback_threadsafe(channel.stop_consuming))
    channel.basic_consume(f"dispatch.{RECIPIENT}.v1", on_event)
    channel.start_consuming()
    connection.close()


if __name__ == "__main__":
    command, *words = sys.argv[1:] or ["help"]
    if command == "run":
        run(int(words[0]) if words else 0)
    elif command == "verify":
        with open(words[0], "rb") as body_file:
            verify(body_file.read(), words[1])
        print("the signature holds")
    elif command == "token":
        print(access_token())
    else:
        sys.exit(__doc__)
