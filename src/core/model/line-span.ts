/** Where two sides differ in a text, for people to find it. */

/** Lines of one side, counted from 1; `to` is one less than `from` for a place where lines are missing. */
export type LineSpan = { readonly from: number; readonly to: number };

/** A place that both sides have changed in different ways. `here`: in what is proposed; `there`: on the branch. */
export type ContestedPlace = { readonly here: LineSpan; readonly there: LineSpan };
