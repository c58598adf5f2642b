package dev.taper.server.keeper;

import dev.taper.crypto.Pem;
import dev.taper.crypto.Signer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** A certificate that a key of P-256 signs for itself, and that says nothing to anybody. */
final class OwnCertificate {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long YEARS = 50;

  private OwnCertificate() {}

  static Certificate of(String name, Signer signer, Instant now) throws CertificateException {
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
    V3TBSCertificateGenerator parts = new V3TBSCertificateGenerator();
    parts.setSerialNumber(new ASN1Integer(new BigInteger(120, RANDOM).add(BigInteger.ONE)));
    parts.setSignature(algorithm);
    parts.setIssuer(subject);
    parts.setSubject(subject);
    parts.setStartDate(new Time(Date.from(now)));
    parts.setEndDate(new Time(Date.from(now.plus(YEARS * 365, ChronoUnit.DAYS))));
    parts.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(der(signer)));
    TBSCertificate unsigned = parts.generateTBSCertificate();
    try {
      ASN1EncodableVector whole = new ASN1EncodableVector();
      whole.add(unsigned);
      whole.add(algorithm);
      whole.add(new DERBitString(signer.sign(unsigned.getEncoded("DER"))));
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(new DERSequence(whole).getEncoded("DER")));
    } catch (IOException e) {
      throw new CertificateException(e);
    }
  }

  private static byte[] der(Signer signer) {
    String pem = Pem.write(signer.publicKey());
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }
}
