export {
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
} from './mutating-admission-policy.ts'
export {
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
} from './validating-admission-policy.ts'
