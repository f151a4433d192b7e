/** One variant on all objects of an intent. */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Variant } from '../model/intent.ts';
import { describeObject } from '../model/object.ts';
import { changeImage } from './image.ts';
import { patchObject } from './patch.ts';
import type { Piece } from './piece.ts';
import type { Variables } from './substitute.ts';
import { describeTarget, isTarget } from './target.ts';

/** Patches in order, then images. A patch that meets no object is an error: it is more often a typing slip than a wish. */
export function applyVariant(
  pieces: readonly Piece[],
  variant: Variant,
  variables: Variables,
  diagnostics: Diagnostic[],
): readonly Piece[] {
  let result = pieces;
  for (const patch of variant.patches) {
    const isMeant = (piece: Piece): boolean => isTarget(patch.target, piece.object);
    if (!result.some(isMeant)) {
      const message = `the patch matches no object: there is no ${describeTarget(patch.target)}`;
      diagnostics.push({ code: 'A1308', severity: 'error', origin: patch.origin, message });
    }
    result = result.map((piece) => {
      if (!isMeant(piece)) return piece;
      const outcome = patchObject(piece.object, patch, variables);
      if (outcome.kind === 'patched') return { ...piece, object: outcome.object };
      const message = `on ${describeObject(piece.object)}: ${outcome.message}`;
      diagnostics.push({ code: 'A1309', severity: 'error', origin: patch.origin, message });
      return piece;
    });
  }
  for (const image of variant.images) {
    const changed = result.map((piece) => ({ piece, ...changeImage(piece.object, image) }));
    if (!changed.some(({ isMatched }) => isMatched)) {
      diagnostics.push({
        code: 'A1310',
        severity: 'warning',
        origin: variant.origin,
        message: `no container runs the image ${image.name}`,
      });
    }
    result = changed.map(({ piece, object }) => (object === piece.object ? piece : { ...piece, object }));
  }
  return result;
}
