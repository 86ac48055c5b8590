/**
 * Whom limits count: an IPv4 address, or the /64 of an IPv6 address, which is what one household gets. Whoever has hung
 * up meanwhile has no address any more.
 */
export function networkOf(ip: string | undefined): string {
  if (ip === undefined) return "gone";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!ip.includes(":")) return ip;
  const [head = "", tail] = ip.split("%")[0]!.split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? 0 : tail.split(":").length;
  while (tail !== undefined && groups.length < 8 - after) groups.push("0");
  return `${groups.slice(0, 4).join(":")}::/64`;
}
