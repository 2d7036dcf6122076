/**
 * Nothing on the ledger names an object before the transaction of its step is in a block, so whatever is younger than
 * this may be needed. What lies between the two adds up to more than half an hour at worst: clocks of vault and member
 * may differ by 15 minutes before an S3 refuses the member, a transaction is sent for up to 16 minutes (eight times
 * endorsement, sending and commit), and a step may put a second document before it. The rest is for peers that are
 * behind.
 */
export const youngMs = 3_600_000;
