/** Floating-point numbers as Go writes them with `%g`, and so kubectl. */

/** The shortest digits that name the double. */
export function formatFloat64(value: number): string {
  return spell(value, value.toExponential());
}

/** The shortest digits that name the nearest 32-bit float. */
export function formatFloat32(value: number): string {
  const single = Math.fround(value);
  for (let digits = 0; digits < 8; digits++) {
    const candidate = single.toExponential(digits);
    if (Math.fround(Number(candidate)) === single) return spell(single, candidate);
  }
  return spell(single, single.toExponential(8));
}

/** With an exponent from 1e+06 on and from 1e-05 down. */
function spell(value: number, shortest: string): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', power = ''] = shortest.split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(Number(shortest));
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
