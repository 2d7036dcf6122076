/** A TLS record that is an alert begins with this byte. */
const alertRecord = 0x15;

/** Whether plain HTTP was answered by a TLS alert, which no HTTP parser understands. */
export function isTlsAlert(error: unknown): boolean {
  const answer = error instanceof Error && 'rawPacket' in error ? error.rawPacket : undefined;
  return answer instanceof Uint8Array && answer[0] === alertRecord;
}

/** Whether an answer to plain HTTP is what Go's servers (MinIO, Fabric CA) or nginx say where they speak TLS alone. */
export const saysTlsOnly = (answer: string): boolean =>
  /HTTP request to an HTTPS server|HTTP request was sent to HTTPS port/.test(answer);

export const tlsExpected = 'the server there speaks TLS, and the address begins with http://';
export const writeHttps = 'Write https:// in place of http://, and name the CA of its certificate.';
