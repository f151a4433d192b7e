/** What an AppDeployment may keep of the old controller's ways, by annotation. */
export type Compat = {
  readonly isCreatingNamespaces: boolean;
  /** Where Pods do not say which revision they are, a traffic Service selects those of every revision. */
  readonly isSelectingByComponent: boolean;
  /** Traffic is shared as written on every cluster that takes any, also to revisions that are not there. */
  readonly isSharingAsWritten: boolean;
};

const prefix = 'appdeployment.landfall.dev/';

export function compatOf(annotations: Readonly<Record<string, string>>): Compat {
  const isOn = (name: string): boolean => annotations[`${prefix}${name}`] === 'true';
  return {
    isCreatingNamespaces: isOn('create-namespaces'),
    isSelectingByComponent: isOn('select-by-component'),
    isSharingAsWritten: isOn('share-as-written'),
  };
}

export const noCompat: Compat = compatOf({});
