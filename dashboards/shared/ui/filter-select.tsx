import { Select } from 'antd';
import type { ReactNode } from 'react';

export type FilterOption = { value: string; label: string };

/** One filter over a list: nothing chosen (undefined) means no filter. Typing finds a choice by its label. */
export function FilterSelect(props: {
  className: string;
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  options: FilterOption[];
}): ReactNode {
  const { className, label, value, onChange, options } = props;
  return (
    <Select<string>
      className={className}
      aria-label={label}
      placeholder={label}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen)}
      options={options}
    />
  );
}
